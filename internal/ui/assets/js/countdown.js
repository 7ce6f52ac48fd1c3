// Counts down to the moment at which something may be asked for anew. The time is shown each second; the polite
// region says it at full minutes and half a minute before the end, and then that it is over.
export function start(box) {
  const end = performance.now() + Number(box.dataset.countdown) * 1000;
  const shown = box.querySelector('[data-left]');
  const said = box.querySelector('[role="status"]');
  const again = document.getElementById(box.dataset.frees);
  if (again) again.disabled = true;
  let before = Infinity;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    shown.textContent = left ? box.dataset.text.replace('{left}', clock) : box.dataset.over;
    if (left && left < before && (left % 60 === 0 || left === 30)) said.textContent = box.dataset.said.replace('{left}', clock);
    before = left;
    if (left) return;
    clearInterval(timer);
    said.textContent = box.dataset.over;
    if (again) again.disabled = false;
  };
  const timer = setInterval(tick, 1000);
  tick();
}
