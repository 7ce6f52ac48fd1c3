// ARIA 1.2 combobox with a list: a line of text that proposes from data-source. Without this module it is a plain line.
let n = 0;

export function start(box) {
  const input = box.querySelector('input:not([type="hidden"])');
  const hidden = box.querySelector('[data-value]');
  const list = box.querySelector('[role="listbox"]');
  const says = box.querySelector('[data-says]');
  const none = box.querySelector('[data-none]'); // the same for those who see: it stays until something else is typed
  const tell = (text) => {
    says.textContent = none.textContent = text;
    none.hidden = !text;
  };
  const least = Number(box.dataset.min) || 2;
  let items = [], active = -1, timer, request, asked = '';

  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id, autocomplete: 'off', spellcheck: 'false' })) {
    input.setAttribute(name, value);
  }

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const mark = (i) => {
    active = i;
    [...list.children].forEach((li, at) => li.setAttribute('aria-selected', String(at === i)));
    const li = list.children[i];
    if (!li) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', li.id);
    li.scrollIntoView({ block: 'nearest' });
  };
  const show = () => {
    list.replaceChildren(...items.map((item) => {
      const li = document.createElement('li');
      li.id = `option-${++n}`;
      li.role = 'option';
      li.setAttribute('aria-selected', 'false');
      li.append(item.text);
      if (item.note) {
        const note = document.createElement('small');
        note.textContent = item.note;
        li.append(note);
      }
      return li;
    }));
    tell(items.length ? '' : box.dataset.wordNone);
    if (!items.length) return close();
    const keys = matchMedia('(any-pointer: fine)').matches ? box.dataset.wordKeys : ''; // a phone has no arrows
    says.textContent = [box.dataset.wordFound.replace('{n}', items.length), keys].filter(Boolean).join('. ');
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    active = -1;
  };
  const ask = async () => {
    const q = input.value.trim();
    if (q.length < least) { items = []; asked = ''; return close(); }
    if (q === asked) { if (items.length) show(); return; }
    request?.abort();
    request = new AbortController();
    try {
      const url = box.dataset.source + (box.dataset.source.includes('?') ? '&' : '?') + 'q=' + encodeURIComponent(q);
      const map = input.dataset.map && document.getElementById(input.dataset.map); // the pin tells what is near
      const [lat, lon] = ['[data-lat]', '[data-lon]'].map((at) => map?.querySelector(at)?.value);
      const answer = await fetch(lat && lon ? `${url}&lat=${encodeURIComponent(lat)}&lon=${encodeURIComponent(lon)}` : url, { signal: request.signal, headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      items = Array.isArray(body) ? body : body.items ?? [];
      asked = q;
      if (document.activeElement === input) show();
    } catch (error) {
      if (error.name === 'AbortError') return;
      asked = '';
      tell(box.dataset.wordFail);
      close();
    }
  };
  const choose = (i) => {
    const item = items[i];
    if (!item) return;
    if (!item.value) { // the beginning of what is to be written, such as a town
      input.value = item.text + ', ';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      return;
    }
    input.value = asked = item.text;
    items = [item];
    hidden.value = item.value;
    says.textContent = ''; // how many were found is over
    close();
    for (const radio of others()) radio.checked = false;
    hidden.dispatchEvent(new Event('change', { bubbles: true }));
    input.dispatchEvent(new CustomEvent('okno:choose', { bubbles: true, detail: item }));
    const map = input.dataset.map && document.getElementById(input.dataset.map);
    if (map && item.lat != null) map.dispatchEvent(new CustomEvent('okno:show', { detail: { lat: item.lat, lon: item.lon } }));
  };

  const others = () => box.dataset.instead ? [...input.form.querySelectorAll(`input[type="radio"][name="${box.dataset.instead}"]`)] : [];
  if (box.dataset.instead) {
    input.form.addEventListener('change', (event) => {
      if (event.target.type !== 'radio' || event.target.name !== box.dataset.instead) return;
      input.value = hidden.value = asked = '';
      items = [];
    }, true);
  }

  input.addEventListener('input', () => {
    tell('');
    if (hidden.value) {
      hidden.value = '';
      hidden.dispatchEvent(new Event('change', { bubbles: true }));
    }
    const map = input.dataset.map && document.getElementById(input.dataset.map);
    if (map) { // the pin gives way to the words
      for (const field of map.querySelectorAll('[data-lat], [data-lon]')) field.value = '';
      map.dispatchEvent(new CustomEvent('okno:hide'));
    }
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener('keydown', (event) => {
    const open = !list.hidden;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return ask();
      const last = items.length - 1;
      mark(event.key === 'ArrowDown' ? (active >= last ? 0 : active + 1) : (active <= 0 ? last : active - 1));
    } else if (event.key === 'Enter' && open && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') {
      if (open && active >= 0) choose(active);
      close();
    }
  });
  input.addEventListener('blur', () => setTimeout(close, 150));
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const at = [...list.children].indexOf(event.target.closest('li'));
    if (at >= 0) choose(at);
  });
}
