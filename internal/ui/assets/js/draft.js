// Keeps what is typed into a form with data-draft="NAME" in this browser, and puts it back into empty fields when the
// form is opened again. Files, passwords and hidden fields are left out, except those named in data-draft-keep: of these,
// files that were sent already go back into their list, and a choice that isn't on the page yet goes into the element with
// data-draft-into="NAME" until the page brings it. The form
// says "data-draft-user" so that another person at the same computer never sees it. Sending forgets the draft once the
// next page has come and is no error (okno.js); a refused form keeps it, and so does one that came back with
// data-draft-unsent. A form with a template data-draft-offer may have several drafts: one that was opened with words or a
// choice of its own (data-draft-opened) is a draft of its own, the others are offered, and none is mixed into another.
const days = 30;
const most = 5;

// drafts are those of a key that are not too old, the newest first.
export function drafts(key) {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(key) ?? 'null'); } catch { /* broken or forbidden: there is none */ }
  const all = Array.isArray(kept?.drafts) ? kept.drafts : kept?.values ? [{ id: '', ...kept }] : [];
  return all.filter((d) => d?.values && Date.now() - d.at < days * 86400000).sort((a, b) => b.at - a.at);
}

// write keeps the drafts of a key; of too many the oldest go.
export function write(key, all) {
  if (all.length) localStorage.setItem(key, JSON.stringify({ drafts: all.sort((a, b) => b.at - a.at).slice(0, most) }));
  else localStorage.removeItem(key);
}

const wordsOf = (values) => ['text', 'comment', 'place', 'note'].map((name) => values[name]?.[0]?.trim()).find(Boolean) ?? '';

export function start(form) {
  const key = `okno-draft:${form.dataset.draftUser ?? ''}:${form.dataset.draft}`;
  const extra = (form.dataset.draftKeep ?? '').split(' ');
  const says = form.querySelector('[data-draft-says]');
  const offer = form.querySelector('template[data-draft-offer]');
  const opened = form.dataset.draftOpened ?? '';
  const fields = () => [...form.elements].filter((e) => e.name && !['file', 'password', 'submit', 'button'].includes(e.type) && (e.type !== 'hidden' || extra.includes(e.name)));
  const areas = [...form.querySelectorAll('textarea')];
  try { if (!window.localStorage) return; } catch { return; }
  const all = drafts(key);
  let id = crypto.randomUUID?.() ?? String(Math.random());
  const mine = (draft) => { if (draft) id = draft.id; };
  const at = `${key}:at:${location.search}`;

  const restore = (draft, over) => {
    let put = false;
    // Words that came with the page belong to another matter than what was chosen for the old ones.
    const other = !over && areas.some((e) => e.value && draft.values[e.name]?.[0] && e.value !== draft.values[e.name][0]);
    const there = fields();
    for (const field of there) {
      const values = draft.values[field.name];
      if (!values || (other && extra.includes(field.name))) continue;
      if (field.type === 'radio' || field.type === 'checkbox') {
        const on = values.includes(field.value);
        if (on !== field.checked) { field.checked = on; put = true; }
      } else if ((over || !field.value) && values[0] && field.value !== values[0]) {
        field.value = values[0];
        put = true;
      }
    }
    for (const name of other ? [] : extra) {
      const values = draft.values[name];
      const into = values && !there.some((e) => e.name === name) && form.querySelector(`[data-draft-into="${name}"]`);
      if (into) {
        into.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value: values[0] }));
        put = true;
      }
      const files = values && form.querySelector(`[data-upload][data-url][data-keep="${name}"]`);
      if (files && !files.querySelector(`input[name="${name}"]`)) {
        files.dataset.kept = values.join(' ');
        files.dispatchEvent(new CustomEvent('okno:kept'));
        put = true;
      }
    }
    if (put) {
      if (says) says.textContent = says.dataset.restored ?? '';
      form.dispatchEvent(new CustomEvent('okno:draft', { bubbles: true }));
      for (const area of areas) area.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };

  const asked = take(sessionStorage, `${key}:asked`); // one that was offered
  const came = performance.getEntriesByType('navigation')[0]?.type;
  const said = (draft) => areas.some((e) => e.value) && areas.every((e) => e.value === (draft.values[e.name]?.[0] ?? ''));
  if (document.querySelector('.errors') || 'draftUnsent' in form.dataset) { // the page has what was sent: its draft goes on
    const sent = sessionStorage.getItem(`${key}:sent`);
    mine(all.find((d) => d.id === sent) ?? all.find(said));
  } else if (!offer) {
    mine(all[0]);
    if (all[0]) restore(all[0], false);
  } else {
    const here = ['reload', 'back_forward'].includes(came) ? sessionStorage.getItem(at) : null;
    const same = all.find((d) => d.id === asked) ?? all.find((d) => d.id === here) ?? all.find(said)
      ?? (opened || areas.some((e) => e.value) ? null : all.find((d) => wordsOf(d.values)) ?? all[0]);
    if (same) {
      mine(same);
      restore(same, same.id === asked || same.id === here);
    }
  }
  sessionStorage.setItem(at, id);

  let timer;
  const save = () => {
    clearTimeout(timer);
    timer = null;
    const values = {};
    for (const field of fields()) {
      if ((field.type === 'radio' || field.type === 'checkbox') && !field.checked) continue;
      (values[field.name] ??= []).push(field.value);
    }
    try {
      write(key, [{ id, at: Date.now(), values }, ...drafts(key).filter((d) => d.id !== id && (!offer || wordsOf(d.values)))]);
      if (says) says.textContent = (says.dataset.saved ?? '').replace('{time}', new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }));
    } catch { /* full or forbidden: the form works without a draft */ }
  };
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  };
  const forget = (which) => {
    clearTimeout(timer);
    timer = null;
    try { write(key, drafts(key).filter((d) => !which(d))); } catch { /* forbidden: there is none */ }
  };
  form.addEventListener('input', keep);
  form.addEventListener('change', keep); // what was chosen or sent without typing
  addEventListener('pagehide', () => { if (timer) save(); });
  if (areas.some((e) => e.value && (opened || e.value !== e.defaultValue))) keep(); // came with the address, or typed before this ran
  form.addEventListener('submit', (event) => { // a button that goes elsewhere sends none of it
    if (timer) save();
    sessionStorage.setItem(`${key}:sent`, id);
    const words = event.submitter?.dataset.draftForget;
    if (words !== undefined) forget((d) => wordsOf(d.values) === words.trim() || (event.submitter.value === form.elements.kept?.value && d.id === id));
    else if (!event.submitter?.hasAttribute('formaction')) sessionStorage.setItem('okno-sent', JSON.stringify({ key, id }));
  });

  if (!offer) return;
  const shown = [...form.querySelectorAll('[data-draft-same]')].map((e) => e.dataset.draftSame.trim());
  for (const draft of all.filter((d) => d.id !== id)) {
    const words = wordsOf(draft.values);
    if (!words || shown.includes(words) || said(draft)) continue;
    const line = [...words];
    const box = offer.content.cloneNode(true).firstElementChild;
    box.querySelector('[data-words]').textContent = `«${line.slice(0, 80).join('')}${line.length > 80 ? '…' : ''}»`;
    box.querySelector('[data-return]').addEventListener('click', () => {
      if (timer) save();
      sessionStorage.setItem(`${key}:asked`, draft.id);
      location.assign(form.dataset.draftEmpty ?? location.pathname);
    });
    box.querySelector('[data-forget]').addEventListener('click', () => {
      forget((d) => d.id === draft.id);
      box.remove();
      form.querySelector('textarea')?.focus();
    });
    offer.before(box);
  }
}

function take(store, name) {
  try {
    const value = store.getItem(name);
    store.removeItem(name);
    return value;
  } catch {
    return null;
  }
}
