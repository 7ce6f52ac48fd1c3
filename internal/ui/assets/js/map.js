// A map that comes when it is looked at: MapLibre with the register's vector tiles as its ground. Until then, and where it
// can't run, the place stands there in words.
import { letters, style } from './map-style.js';

const telling = 15; // the zoom from which houses and roads can be told apart: a tap is a place
const most = 300; // points drawn as links; more are drawn as dots

export function start(box) {
  let options;
  try { options = JSON.parse(box.dataset.map); } catch { return; }
  if (document.documentElement.dataset.pictures === 'off') return;
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((e) => e.isIntersecting)) return;
    seen.disconnect();
    draw(box, options).catch((error) => { console.warn('map', error); });
  }, { rootMargin: '200px' });
  seen.observe(box);
}

function sheet() {
  const href = document.querySelector('link[rel="stylesheet"][href$="okno.css"]')?.href.replace('okno.css', 'map.css');
  if (!href || document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}

const nothing = { type: 'FeatureCollection', features: [] };

// What tiles there are, as TileJSON; their addresses change with the register.
async function ground(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const { tiles, minzoom, maxzoom, bounds } = await answer.json();
  return { type: 'vector', tiles: tiles.map((t) => location.origin + t), minzoom, maxzoom, bounds };
}

async function draw(box, options) {
  const { words } = options;
  sheet();
  let failed = false;
  const [library, source] = await Promise.all([
    import('/assets/vendor/maplibre-gl.mjs'),
    ground(options.tiles).catch((error) => { failed = true; console.warn('map', error); }),
    letters(),
  ]);
  const gl = library.default?.Map ? library.default : library;
  const canvas = document.createElement('div');
  canvas.className = 'canvas';
  box.append(canvas);
  let dots = nothing;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const place = options.lat || options.lon;
  const bounds = options.bounds?.some(Boolean) ? options.bounds : source?.bounds;
  let map;
  try {
    map = new gl.Map({
      container: canvas, style: style(source, dots, Boolean(options.points)), hash: box.classList.contains('tall') ? 'at' : false, attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      cooperativeGestures: false, fadeDuration: 0, maxZoom: 19,
      ...(place || !bounds ? { center: [options.lon, options.lat], zoom: options.zoom || (place ? 16 : 8) } : { bounds: [bounds.slice(0, 2), bounds.slice(2)], fitBoundsOptions: { padding: 16 } }),
    });
  } catch (error) {
    canvas.remove(); // the words stay
    throw error;
  }
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute('aria-label', options.label);
  map.getCanvas().setAttribute('role', 'application');
  map.scrollZoom[options.pick || !box.classList.contains('small') ? 'enable' : 'disable']();
  map.once('load', () => box.setAttribute('data-ready', ''));
  addEventListener('beforeprint', () => map.redraw()); // a canvas forgets what it shows once it is on the screen

  const says = document.createElement('p');
  says.className = 'map-says';
  says.setAttribute('role', 'status');
  const tools = document.createElement('div');
  tools.className = 'map-tools';
  const tool = (label, path, action) => {
    const b = document.createElement('button');
    b.type = 'button';
    b.setAttribute('aria-label', label);
    b.title = label;
    b.innerHTML = `<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" aria-hidden="true">${path}</svg>`;
    b.addEventListener('click', action);
    tools.append(b);
  };
  tool(words.in, '<path d="M5 12h14M12 5v14"/>', () => map.zoomIn({ animate: !still }));
  tool(words.out, '<path d="M5 12h14"/>', () => map.zoomOut({ animate: !still }));
  const fly = (lat, lon, zoom) => map[still ? 'jumpTo' : 'easeTo']({ center: [lon, lat], zoom: Math.max(map.getZoom(), zoom), duration: 180 });

  let pin;
  const put = (lat, lon, tell) => {
    if (!pin) pin = marker(gl, map, options, (a, o) => put(a, o, true));
    pin.setLngLat([lon, lat]);
    const [latField, lonField] = [box.querySelector('[data-lat]'), box.querySelector('[data-lon]')];
    if (latField) {
      latField.value = lat.toFixed(6);
      lonField.value = lon.toFixed(6);
    }
    if (tell) {
      says.textContent = '';
      const line = document.querySelector(`[data-map="${box.id}"]`); // the address gives way to the pin
      if (line) line.value = line.parentElement.querySelector('[data-value]').value = '';
      box.dispatchEvent(new CustomEvent('okno:place', { bubbles: true, detail: { lat, lon } }));
    }
  };
  const kept = ['[data-lat]', '[data-lon]'].map((at) => Number(box.querySelector(at)?.value)); // of a draft
  if (options.pin && place) put(options.lat, options.lon, false);
  else if (kept.every(Boolean)) {
    put(...kept, false);
    map.jumpTo({ center: [kept[1], kept[0]], zoom: 16 });
  }
  map.on('zoomend', () => box.toggleAttribute('data-near', map.getZoom() >= telling)); // a tap is a place now
  box.addEventListener('okno:show', (event) => {
    const { lat, lon } = event.detail;
    put(Number(lat), Number(lon), false);
    fly(Number(lat), Number(lon), 16);
  });
  const forget = () => { pin?.remove(); pin = undefined; };
  box.addEventListener('okno:hide', forget);
  box.addEventListener('okno:outside', (event) => { // the place is none of this region
    forget();
    for (const field of box.querySelectorAll('[data-lat], [data-lon]')) field.value = '';
    says.textContent = event.detail.text;
    if (bounds) map.fitBounds([bounds.slice(0, 2), bounds.slice(2)], { padding: 16, animate: !still, duration: 180 });
  });
  if (options.pick) {
    map.on('click', (event) => {
      if (map.getZoom() >= telling) return put(event.lngLat.lat, event.lngLat.lng, true);
      says.textContent = words.closer;
      map[still ? 'jumpTo' : 'easeTo']({ center: event.lngLat, zoom: Math.min(map.getZoom() + 3, telling + 1), duration: 180 });
    });
  }
  if (options.locate && navigator.geolocation) {
    tool(words.me, '<path d="M2 12h3M19 12h3M12 2v3M12 19v3"/><circle cx="12" cy="12" r="7"/><circle cx="12" cy="12" r="3"/>', () => {
      says.textContent = words.where;
      navigator.geolocation.getCurrentPosition((at) => {
        says.textContent = '';
        put(at.coords.latitude, at.coords.longitude, true);
        fly(at.coords.latitude, at.coords.longitude, 16);
      }, () => { says.textContent = words.no_position; }, { enableHighAccuracy: true, timeout: 10000 });
    });
  }
  box.append(tools, says);
  if (failed) says.textContent = words.failed;

  const inView = (url) => {
    const b = map.getBounds();
    const at = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((v) => v.toFixed(5)).join(',');
    return url + (url.includes('?') ? '&' : '?') + `bbox=${at}&zoom=${Math.round(map.getZoom())}`;
  };
  const get = async (url) => {
    const answer = await fetch(inView(url), { headers: { Accept: 'application/geo+json, application/json' } });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  };
  let links = [], turn = 0;
  const look = async () => {
    const mine = ++turn;
    try {
      const got = await get(options.points);
      if (mine !== turn) return;
      links.forEach((l) => l.remove());
      const few = got.features.length <= most;
      links = few ? gather(map, got.features).map((g) => g.length > 1 ? crowd(gl, map, g, words, says, still) : link(gl, map, g[0], words)) : [];
      dots = few ? nothing : got;
      map.getSource('points').setData(dots);
    } catch (error) {
      says.textContent = words.failed;
      console.warn('map', error);
    }
  };
  if (options.points) {
    map.on('moveend', look);
    map.once('load', look);
  }
  const repaint = () => map.setStyle(style(source, dots, Boolean(options.points)));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ['data-theme', 'data-contrast'] });
}

function marker(gl, map, options, moved) {
  const fixed = !options.pick;
  const pin = document.createElement(fixed ? 'span' : 'button');
  pin.className = 'pin';
  if (fixed) {
    pin.setAttribute('role', 'img');
  } else {
    pin.type = 'button';
  }
  pin.setAttribute('aria-label', options.pinLabel || options.words[fixed ? 'open' : 'pin']);
  pin.innerHTML = '<svg viewBox="0 0 24 28" aria-hidden="true"><path d="M12 27s-9-9.500-9-16a9 9 0 0 1 18 0c0 6.500-9 16-9 16z"/><circle cx="12" cy="11" r="3.500"/></svg>';
  const m = new gl.Marker({ element: pin, anchor: 'bottom', draggable: !fixed }).setLngLat([0, 0]).addTo(map);
  if (fixed) return m;
  m.on('dragend', () => { const at = m.getLngLat(); moved(at.lat, at.lng); });
  pin.addEventListener('click', (event) => event.stopPropagation());
  pin.addEventListener('keydown', (event) => {
    const step = { ArrowUp: [0, -8], ArrowDown: [0, 8], ArrowLeft: [-8, 0], ArrowRight: [8, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const at = map.project(m.getLngLat());
    const to = map.unproject([at.x + step[0], at.y + step[1]]);
    moved(to.lat, to.lng);
  });
  return m;
}

// Points that would lie on each other, as groups: each can be told and tapped.
function gather(map, features) {
  const groups = [];
  for (const f of features) {
    const at = map.project(f.geometry.coordinates);
    const group = groups.find((g) => Math.hypot(g.at.x - at.x, g.at.y - at.y) < 40);
    if (group) group.push(f);
    else groups.push(Object.assign([f], { at }));
  }
  return groups;
}

// A group opens by coming nearer; at one place it is told as a list.
function crowd(gl, map, group, words, says, still) {
  const e = document.createElement('button');
  e.type = 'button';
  e.className = 'point many';
  const all = group.reduce((n, f) => n + (f.properties.count ?? 1), 0);
  e.textContent = all;
  e.setAttribute('aria-label', words.many.replace('{n}', all));
  e.addEventListener('click', () => {
    const bounds = group.reduce((b, f) => b.extend(f.geometry.coordinates), new gl.LngLatBounds());
    if (map.getZoom() < 17.5) return map.fitBounds(bounds, { padding: 80, maxZoom: 18, animate: !still });
    says.replaceChildren(...group.map((f) => {
      const a = document.createElement('a');
      a.href = f.properties.href ?? '#';
      a.textContent = f.properties.title ?? words.open;
      return a;
    }));
  });
  return new gl.Marker({ element: e }).setLngLat(group[0].geometry.coordinates).addTo(map);
}

function link(gl, map, feature, words) {
  const p = feature.properties ?? {};
  const e = document.createElement(p.href ? 'a' : 'span');
  if (p.href) e.href = p.href;
  else e.setAttribute('role', 'img');
  e.className = 'point ' + (['ok', 'warn', 'bad', 'act'].includes(p.tone) ? p.tone : '') + (p.count > 1 ? ' many' : '');
  e.setAttribute('aria-label', p.title || words.open);
  e.title = p.title ?? '';
  if (p.count > 1) e.textContent = p.count;
  return new gl.Marker({ element: e }).setLngLat(feature.geometry.coordinates).addTo(map);
}
