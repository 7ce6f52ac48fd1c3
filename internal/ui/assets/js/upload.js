// Files with visible progress. With data-url each file is sent at once and its id is carried by the form; without it
// the files stay in the form, and the progress of the whole form is shown while it is sent.
export function start(box) {
  const input = box.querySelector('input[type="file"]');
  const list = box.querySelector('[data-files]');
  const drop = box.querySelector('[data-drop]');
  const says = box.querySelector('[data-says]');
  const used = box.querySelector('[data-used]');
  const w = box.dataset;
  const max = Number(w.max) || 0;
  const units = w.wordUnits.split(' ');
  const held = []; // {file, size, row, done}
  const lang = document.documentElement.lang;

  const size = (bytes) => {
    let n = bytes;
    let i = 0;
    for (; n >= 1024 && i < 2; i++) n /= 1024; // as the server counts and writes
    const digits = i && n < 10 ? 1 : 0;
    return `${n.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0${units[i]}`;
  };
  const total = () => held.reduce((sum, h) => sum + (h.failed ? 0 : h.size), 0);
  const tell = () => { used.textContent = max && held.length ? w.wordUsed.replace('{used}', size(total())).replace('{max}', w.maxText || size(max)) : ''; };
  const refill = () => { // the form's own files: what is listed and not refused
    if (w.url) return;
    const bag = new DataTransfer();
    held.filter((h) => !h.failed).forEach((h) => bag.items.add(h.file));
    input.files = bag.files;
  };

  const row = (file) => {
    const li = document.createElement('li');
    const thumb = document.createElement('span');
    thumb.className = 'thumb';
    if (file.type.startsWith('image/') && file.type !== 'image/svg+xml') {
      const img = document.createElement('img');
      img.alt = '';
      img.src = URL.createObjectURL(file);
      img.onload = () => URL.revokeObjectURL(img.src);
      img.onerror = () => { URL.revokeObjectURL(img.src); img.remove(); }; // no picture, or a policy without blob:
      thumb.append(img);
    }
    const what = document.createElement('div');
    const name = document.createElement('span');
    name.className = 'name';
    name.textContent = file.name;
    const meta = document.createElement('span');
    meta.className = 'muted';
    what.append(name, meta);
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn quiet';
    li.append(thumb, what, button);
    list.append(li);
    const label = (word) => { button.textContent = word; button.setAttribute('aria-label', `${word}: ${file.name}`); };
    label(w.wordRemove);
    return { li, what, meta, button, label };
  };
  const fail = (h, text) => {
    h.failed = true;
    h.row.what.querySelector('progress')?.remove();
    h.row.meta.className = 'state bad';
    h.row.meta.textContent = text;
    h.row.label(w.wordRemove);
    says.textContent = `${h.file.name}: ${text}`;
    tell();
  };
  const remove = (h) => {
    h.request?.abort();
    if (h.id) fetch(`${w.url}/${encodeURIComponent(h.id)}`, { method: 'DELETE' }).catch(() => { /* the server forgets what no form carries */ });
    held.splice(held.indexOf(h), 1);
    h.row.li.remove();
    says.textContent = w.wordRemoved.replace('{name}', h.file.name);
    refill();
    tell();
    if (h.id) box.dispatchEvent(new Event('change', { bubbles: true }));
    input.focus();
  };
  const carry = (h) => { // from now on the form has the file by its id
    const hidden = document.createElement('input');
    hidden.type = 'hidden';
    hidden.name = w.keep;
    hidden.value = h.id;
    h.row.what.append(hidden);
    hidden.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const send = (h) => {
    const bar = document.createElement('progress');
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute('aria-label', `${w.wordSending} ${h.file.name}`);
    h.row.what.append(bar);
    h.row.label(w.wordCancel);
    const request = h.request = new XMLHttpRequest();
    const began = Date.now();
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.round((event.loaded / event.total) * 100);
      h.row.meta.textContent = w.wordOf.replace('{sent}', size(event.loaded)).replace('{size}', size(event.total));
      if (Date.now() - began > 3000) h.row.meta.dataset.slow = '';
    };
    request.onerror = request.ontimeout = () => fail(h, w.wordFailed);
    request.onload = () => {
      let body = {};
      try { body = JSON.parse(request.responseText); } catch { /* a page instead of an answer: shown as a failure */ }
      if (request.status >= 300 || !body.id) return fail(h, body.detail || w.wordFailed);
      h.id = body.id;
      bar.remove();
      h.row.meta.textContent = body.meta || `${size(h.size)}, ${w.wordSent}`;
      h.row.label(w.wordRemove);
      carry(h);
      says.textContent = `${h.file.name}: ${w.wordSent}`;
    };
    const data = new FormData();
    data.append('file', h.file, h.file.name);
    request.open('POST', w.url);
    request.setRequestHeader('Accept', 'application/json');
    request.send(data);
  };
  const take = (files) => {
    for (const file of files) {
      const h = { file, size: file.size, row: row(file) };
      held.push(h);
      h.row.meta.textContent = size(file.size);
      h.row.button.addEventListener('click', () => remove(h));
      if (max && total() > max) {
        fail(h, w.wordTooBig.replace('{size}', size(file.size)).replace('{max}', w.maxText || size(max)));
        continue;
      }
      if (w.url) send(h);
    }
    if (w.url) input.value = '';
    refill();
    tell();
  };

  list.addEventListener('click', (event) => { // files that the server listed
    const item = event.target.closest('button')?.closest('li');
    const kept = item?.querySelector(`input[name="${w.keep}"]`);
    if (!kept || held.some((h) => h.row.li === item)) return;
    event.preventDefault();
    item.remove();
    box.dispatchEvent(new Event('change', { bubbles: true }));
  });

  // Files of a draft (draft.js), sent in an earlier visit: those that are still this person's and part of nothing.
  const again = async () => {
    const ids = (w.kept ?? '').split(' ').filter(Boolean);
    delete w.kept;
    for (const id of ids) {
      const answer = await fetch(`${w.url}/${encodeURIComponent(id)}?about=1`, { headers: { Accept: 'application/json' } }).catch(() => null);
      if (!answer?.ok || list.querySelector(`input[value="${CSS.escape(id)}"]`)) continue;
      const { name, size: bytes, meta, thumb } = await answer.json();
      const h = { file: { name, type: '' }, size: bytes, row: row({ name, type: '' }), id };
      held.push(h);
      if (thumb) h.row.li.querySelector('.thumb').append(Object.assign(document.createElement('img'), { alt: '', src: thumb }));
      h.row.meta.textContent = meta;
      h.row.button.addEventListener('click', () => remove(h));
      carry(h);
    }
    tell();
  };
  box.addEventListener('okno:kept', again);
  again();

  input.addEventListener('change', () => {
    const files = [...input.files].filter((f) => !held.some((h) => !w.url && h.file === f));
    if (!w.url) { held.splice(0).forEach((h) => h.row.li.remove()); }
    take(files);
  });
  for (const type of ['dragenter', 'dragover']) drop.addEventListener(type, (event) => { event.preventDefault(); drop.dataset.over = ''; });
  for (const type of ['dragleave', 'drop']) drop.addEventListener(type, (event) => { event.preventDefault(); delete drop.dataset.over; });
  drop.addEventListener('drop', (event) => take([...event.dataTransfer.files]));

  const form = box.closest('form');
  if (!form) return;
  if (w.url) { // what is still on its way goes first
    form.addEventListener('submit', (event) => {
      const busy = held.filter((h) => !h.failed && !h.id);
      if (!busy.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      says.textContent = w.wordSending;
      const again = setInterval(() => {
        if (held.some((h) => !h.failed && !h.id)) return;
        clearInterval(again);
        form.requestSubmit(event.submitter);
      }, 150);
    });
    return;
  }
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !held.some((h) => !h.failed) || form.hasAttribute('hx-post')) return;
    event.preventDefault();
    const bar = document.createElement('progress');
    bar.max = 100;
    bar.setAttribute('aria-label', w.wordSending);
    box.append(bar);
    const request = new XMLHttpRequest();
    request.upload.onprogress = (e) => {
      if (!e.lengthComputable) return;
      bar.value = Math.round((e.loaded / e.total) * 100);
      used.textContent = w.wordOf.replace('{sent}', size(e.loaded)).replace('{size}', size(e.total));
    };
    request.onerror = () => {
      bar.remove();
      used.textContent = w.wordFailed;
      says.textContent = w.wordFailed;
      delete form.dataset.sending;
    };
    request.onload = () => {
      if (request.status < 400) { location.assign(request.responseURL); return; }
      const page = new DOMParser().parseFromString(request.responseText, 'text/html');
      const main = page.querySelector('main');
      if (!main) { used.textContent = w.wordFailed; bar.remove(); delete form.dataset.sending; return; }
      document.title = page.title;
      document.querySelector('main').replaceWith(document.adoptNode(main));
    };
    const data = new FormData(form, event.submitter);
    request.open('POST', event.submitter?.formAction || form.action);
    request.send(data);
  });
}
