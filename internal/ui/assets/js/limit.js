// Says how many characters are left in a textarea with data-limit; never cuts what is typed.
export function start(area) {
  const says = document.querySelector(`[data-limit-for="${area.id}"]`);
  const limit = Number(area.dataset.limit);
  if (!says) return;
  const count = () => {
    const left = limit - [...area.value].length;
    says.toggleAttribute('data-over', left < 0);
    if (left < 0) says.textContent = area.dataset.limitOver + -left;
    else if (left < limit / 4) says.textContent = area.dataset.limitLeft + left;
  };
  area.addEventListener('input', count);
  count();
}
