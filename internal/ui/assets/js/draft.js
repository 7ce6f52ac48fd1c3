// Keeps what is typed into a form with data-draft="NAME" in this browser, and puts it back into empty fields when the
// form is opened again. Files, passwords and hidden fields are left out, except those named in data-draft-keep: of these,
// files that were sent already go back into their list, and a choice that isn't on the page yet goes into the element with
// data-draft-into="NAME" until the page brings it. The form
// says "data-draft-user" so that another person at the same computer never sees it. Sending forgets the draft once the
// next page has come and is no error (okno.js); a refused form keeps it.
const days = 30;

export function start(form) {
  const key = `okno-draft:${form.dataset.draftUser ?? ''}:${form.dataset.draft}`;
  const extra = (form.dataset.draftKeep ?? '').split(' ');
  const says = form.querySelector('[data-draft-says]');
  const fields = () => [...form.elements].filter((e) => e.name && !['file', 'password', 'submit', 'button'].includes(e.type) && (e.type !== 'hidden' || extra.includes(e.name)));
  let store;
  try { store = window.localStorage; } catch { return; }
  const read = () => {
    try {
      const kept = JSON.parse(store.getItem(key) ?? 'null');
      return kept && Date.now() - kept.at < days * 86400000 ? kept : null;
    } catch {
      return null;
    }
  };
  const kept = read();
  if (kept && !document.querySelector('.errors')) {
    let put = false;
    // Words that came with the page belong to another matter than what was chosen for the old ones.
    const other = [...form.querySelectorAll('textarea')].some((e) => e.value && kept.values[e.name]?.[0] && e.value !== kept.values[e.name][0]);
    const there = fields();
    for (const field of there) {
      const values = kept.values[field.name];
      if (!values || (other && extra.includes(field.name))) continue;
      if (field.type === 'radio' || field.type === 'checkbox') {
        const on = values.includes(field.value);
        if (on !== field.checked) { field.checked = on; put = true; }
      } else if (!field.value && values[0]) {
        field.value = values[0];
        put = true;
      }
    }
    for (const name of other ? [] : extra) {
      const values = kept.values[name];
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
      for (const area of form.querySelectorAll('textarea')) area.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }
  let timer;
  const keep = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const values = {};
      for (const field of fields()) {
        if ((field.type === 'radio' || field.type === 'checkbox') && !field.checked) continue;
        (values[field.name] ??= []).push(field.value);
      }
      try {
        store.setItem(key, JSON.stringify({ at: Date.now(), values }));
        if (says) says.textContent = (says.dataset.saved ?? '').replace('{time}', new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' }));
      } catch { /* full or forbidden: the form works without a draft */ }
    }, 400);
  };
  form.addEventListener('input', keep);
  form.addEventListener('change', keep); // what was chosen or sent without typing
  form.addEventListener('submit', (event) => { // a button that goes elsewhere sends none of it
    if (!event.submitter?.hasAttribute('formaction')) sessionStorage.setItem('okno-sent', key);
  });
}
