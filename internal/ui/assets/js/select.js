// Choosing rows: all at once, a range with Shift, how many are chosen.
export function start(root) {
  const boxes = () => [...root.querySelectorAll('tbody input[type="checkbox"]')];
  const says = () => root.querySelector('[data-chosen]');
  let last = null;
  const tell = () => {
    const chosen = boxes().filter((b) => b.checked).length;
    const b = says();
    if (b) b.textContent = chosen ? `${b.dataset.words} ${chosen}` : b.dataset.words;
    const all = root.querySelector('[data-all]');
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
  };
  root.addEventListener('click', (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== 'checkbox' || !box.closest('tbody')) return;
    if (event.shiftKey && last && last.isConnected) {
      const list = boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      list.slice(from, to + 1).forEach((b) => { b.checked = box.checked; });
    }
    last = box;
    tell();
  });
  root.addEventListener('change', (event) => {
    if (event.target.matches('[data-all]')) boxes().forEach((b) => { b.checked = event.target.checked; });
    tell();
  });
  root.addEventListener('click', (event) => {
    if (!event.target.closest('[data-unselect]')) return;
    boxes().forEach((b) => { b.checked = false; });
    tell();
  });
  tell();
}
