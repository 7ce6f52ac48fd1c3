// Says how many characters are left in a textarea with data-limit; never cuts what is typed.
export function start(area) {
  const says = document.querySelector(`[data-limit-for="${area.id}"]`);
  const limit = Number(area.dataset.limit);
  if (!says) return;
  const count = () => {
    const left = limit - [...area.value].length;
    says.toggleAttribute('data-over', left < 0);
    if (left < 0) says.textContent = area.dataset.limitOver + -left;
    else says.textContent = left < limit / 4 ? area.dataset.limitLeft + left : ''; // far from the limit it is only noise
  };
  area.addEventListener('input', count);
  count();
}
