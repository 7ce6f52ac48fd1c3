// Keys of the workspace. Letters go by their place on the keyboard (event.code), so that they work in the Russian layout.
// A button or link says its key by data-key; nothing is taken while someone types, and none has a modifier.
const typing = (e) => e.closest?.('input:not([type="checkbox"],[type="radio"]),textarea,select,[contenteditable]');
const visible = (e) => e.getClientRects().length > 0;
// What stands in a closed menu has its key all the same.
const reachable = (e) => visible(e) || visible(e.closest('details.menu') ?? e);

function letter(event) {
  if (event.code?.startsWith('Key')) return event.code.slice(3).toLowerCase();
  if (event.key === '?' || event.key === '/') return event.key;
  if (event.code === 'Slash') return event.shiftKey ? '?' : '/';
  return event.key.toLowerCase();
}

const all = () => [...document.querySelectorAll('[data-row]')];
const rows = () => all().filter(visible);

function current() {
  const list = rows();
  return list.findIndex((r) => r.contains(document.activeElement)) >= 0
    ? list.findIndex((r) => r.contains(document.activeElement))
    : list.findIndex((r) => r.classList.contains('cur'));
}

// The case before or after the open one, where the list is hidden by it.
const beside = (by) => {
  const list = all();
  const at = list.findIndex((r) => r.classList.contains('cur'));
  return at < 0 ? undefined : list[at + by];
};

function step(by) {
  const row = document.querySelector('.panel[data-open]') && beside(by);
  row?.querySelector('a.title')?.click();
}

function steps() {
  for (const b of document.querySelectorAll('[data-step]')) b.disabled = !beside(Number(b.dataset.step));
}

function go(by) {
  const list = rows();
  if (!list.length) return step(by);
  const at = Math.min(Math.max(current() + by, 0), list.length - 1);
  list[at].querySelector('a.title')?.focus();
  list[at].scrollIntoView({ block: 'nearest' });
}

// The row that htmx opens is current at once; the server says the same when the page is loaded anew.
function follow() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-row] a.title');
    if (!link || !link.hasAttribute('hx-get') || event.metaKey || event.ctrlKey) return;
    for (const row of document.querySelectorAll('[data-row].cur')) {
      row.classList.remove('cur');
      row.querySelector('[aria-current]')?.removeAttribute('aria-current');
    }
    link.closest('[data-row]').classList.add('cur');
    link.setAttribute('aria-current', 'true');
  });
}

function list() {
  const dl = document.querySelector('[data-keys]');
  if (!dl) return;
  dl.querySelectorAll('[data-made]').forEach((e) => e.remove());
  const seen = new Set();
  for (const b of document.querySelectorAll('[data-key]')) {
    const key = b.dataset.key;
    if (seen.has(key) || ['?', 'Esc'].includes(key) || !reachable(b)) continue;
    seen.add(key);
    const row = document.createElement('div');
    row.dataset.made = '';
    const dt = document.createElement('dt');
    const kbd = document.createElement('kbd');
    kbd.textContent = key.toUpperCase();
    dt.append(kbd);
    const dd = document.createElement('dd');
    dd.textContent = b.querySelector('span')?.textContent.trim() || b.textContent.trim();
    row.append(dt, dd);
    dl.append(row);
  }
}

export function start() {
  follow();
  steps();
  document.addEventListener('htmx:after:swap', steps);
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-step]');
    if (button) step(Number(button.dataset.step));
  });
  document.querySelector('[data-row].cur')?.scrollIntoView({ block: 'center' });
  document.addEventListener('click', (event) => { if (event.target.closest?.('[data-dialog="keys"]')) list(); }, true);
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      if (document.querySelector('dialog:modal')) return;
      if (typing(event.target)) { event.target.blur(); return; }
      const menu = document.querySelector('details:is(.menu,.wmenu)[open]');
      if (menu) { menu.open = false; menu.querySelector('summary').focus(); return; }
      const clear = [...document.querySelectorAll('[data-unselect]')].find(visible);
      if (clear) { clear.click(); return; }
      [...document.querySelectorAll('.panel .back')].find(visible)?.click();
      return;
    }
    if (typing(event.target) || document.querySelector('dialog:modal')) return;
    const key = letter(event);
    if (key === 'j' || key === 'arrowdown') { event.preventDefault(); return go(1); }
    if (key === 'k' || key === 'arrowup') { event.preventDefault(); return go(-1); }
    const row = rows()[current()];
    if (key === 'x' && row) { event.preventDefault(); row.querySelector('input[type="checkbox"]')?.click(); return; }
    if (key === 'o' && row) { event.preventDefault(); row.querySelector('a.title')?.click(); return; }
    if (key === '/') {
      const find = document.querySelector('[data-key-focus="/"]');
      if (find) { event.preventDefault(); find.focus(); find.select(); }
      return;
    }
    const button = [...document.querySelectorAll('[data-key]')].find((b) => b.dataset.key.toLowerCase() === key && reachable(b) && !b.disabled);
    if (button) { event.preventDefault(); button.click(); }
  });
}
