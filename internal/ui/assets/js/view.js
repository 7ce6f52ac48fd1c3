// Shows the effect of the low-vision form at once. The server keeps the choice when the form is sent; here it is kept in
// the cookie at once, so that leaving the page without sending loses nothing.
export function start(form) {
  form.addEventListener('change', () => {
    const data = new FormData(form);
    const kept = new URLSearchParams();
    for (const name of ['contrast', 'pictures', 'size', 'spacing', 'theme']) {
      const value = data.get(name);
      if (value) {
        document.documentElement.setAttribute('data-' + name, value);
        kept.set(name, value);
      } else {
        document.documentElement.removeAttribute('data-' + name);
      }
    }
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `okno_view=${kept}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  });
}
