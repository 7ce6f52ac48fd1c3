// Entry of every page: marks that scripts run, starts htmx where a page uses it, and loads what is on the page.
// Each module exports start(element); it is called once for each element that asks for it, now or swapped in later.
document.documentElement.dataset.js = '';

const wants = [
  ['[data-combobox]', () => import('./combobox.js')],
  ['[data-upload]', () => import('./upload.js')],
  ['[data-map]', () => import('./map.js')],
  ['[data-select]', () => import('./select.js')],
  ['[data-draft]', () => import('./draft.js')],
  ['[data-view]', () => import('./view.js')],
  ['[data-countdown]', () => import('./countdown.js')],
  ['[data-limit]', () => import('./limit.js')],
];
const started = new WeakSet();

async function scan(root) {
  for (const [selector, load] of wants) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    const fresh = found.filter((e) => !started.has(e));
    if (!fresh.length) continue;
    fresh.forEach((e) => started.add(e));
    const module = await load();
    fresh.forEach((e) => module.start(e));
  }
}

let htmx;
async function ajax() {
  if (htmx || !document.querySelector('[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete],[hx-boost]')) return;
  htmx = true;
  htmx = (await import('/assets/vendor/htmx.js')).default ?? window.htmx;
  document.documentElement.dataset.htmx = '';
  // What was typed, or came back from a draft, before htmx was there.
  for (const form of document.querySelectorAll('form[data-live]')) {
    if ([...form.querySelectorAll('textarea')].some((e) => e.value)) form.dispatchEvent(new CustomEvent('okno:ready'));
  }
}

function focusErrors(root) {
  const summary = root.matches?.('[data-focus]') ? root : root.querySelector('[data-focus]');
  if (summary && !document.body.classList.contains('gallery')) summary.focus(); // the gallery shows one that nobody caused
}

new MutationObserver((records) => {
  for (const record of records) {
    for (const node of record.addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE || !node.isConnected) continue;
      scan(node);
      focusErrors(node);
      ajax();
    }
  }
}).observe(document.body, { childList: true, subtree: true });

// Dialogs: a button with data-dialog opens one; data-close and a click on the ground close it.
document.addEventListener('click', (event) => {
  const opener = event.target.closest?.('[data-dialog]');
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal) {
    event.preventDefault();
    if (dialog.hasAttribute('open')) dialog.removeAttribute('open');
    dialog.showModal();
    return;
  }
  const close = event.target.closest?.('[data-close]');
  if (close) close.closest('dialog')?.close();
  if (event.target instanceof HTMLDialogElement && event.target.matches('.dialog:modal')) {
    const box = event.target.getBoundingClientRect();
    if (event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom) event.target.close();
  }
  // A menu closes when something else is clicked.
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});

// A form is sent once: the second click on its button does nothing until the answer comes or the page is shown again.
// (The idempotency key of the form is the real answer to the double click; this is its visible part.)
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sending && Date.now() - Number(form.dataset.sending) < 10000) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = String(Date.now());
  event.submitter?.setAttribute('data-busy', '');
});
const ready = (form) => {
  delete form.dataset.sending;
  form.querySelectorAll('[data-busy]').forEach((b) => b.removeAttribute('data-busy'));
};
addEventListener('pageshow', (event) => { if (event.persisted) document.querySelectorAll('[data-sending]').forEach(ready); });
document.addEventListener('htmx:after:request', () => document.querySelectorAll('[data-sending]').forEach(ready));

// Where htmx keeps a radio button that a person has touched, the attribute of the new page no longer moves it.
document.addEventListener('htmx:after:swap', () => {
  for (const radio of document.querySelectorAll('[data-served] input[type="radio"]')) radio.checked = radio.hasAttribute('checked');
  for (const told of document.querySelectorAll('[data-outside]')) {
    document.getElementById(told.dataset.outside)?.dispatchEvent(new CustomEvent('okno:outside', { detail: { text: told.textContent.trim() } }));
  }
  for (const found of document.querySelectorAll('[data-fill]')) { // the address of a pin, for the line that is empty
    const line = document.getElementById(found.dataset.fill);
    if (line && !line.value && document.activeElement !== line) line.value = found.dataset.text;
  }
});

// A picture that was sent a moment ago is still being looked through: it is asked for again.
const again = (img) => {
  const tried = Number(img.dataset.tried ?? 0);
  if (tried >= 5 || img.src.startsWith('blob:') || !img.closest('.photo, .thumb')) return;
  img.dataset.tried = tried + 1;
  setTimeout(() => { img.src = img.src; }, 1000 * (tried + 1));
};
document.addEventListener('error', (event) => { if (event.target instanceof HTMLImageElement) again(event.target); }, true);
for (const img of document.querySelectorAll('.photo img, .thumb img')) if (img.complete && !img.naturalWidth) again(img);

// A draft (draft.js) is forgotten on the page that comes after its form was sent, unless that page is a refusal.
try {
  const sent = sessionStorage.getItem('okno-sent');
  const status = performance.getEntriesByType('navigation')[0]?.responseStatus || 200;
  if (sent) {
    const stays = document.querySelector('[data-draft-stays]');
    if (stays && localStorage.getItem(JSON.parse(sent).key)) { // what could not be kept is here
      stays.hidden = false;
      document.querySelector('[data-draft-gone]').hidden = true;
    }
    sessionStorage.removeItem('okno-sent');
    if (status < 400 && !document.querySelector('.errors, [data-draft-unsent]')) {
      const { key, id } = JSON.parse(sent);
      import('./draft.js').then(({ drafts, write }) => write(key, drafts(key).filter((d) => d.id !== id)));
    }
  }
} catch { /* storage is forbidden: there is no draft either */ }

if (document.body.classList.contains('ws')) import('./keys.js').then((m) => m.start());
scan(document.body);
focusErrors(document.body);
ajax();
