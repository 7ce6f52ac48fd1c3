// How the map looks: layers of the vector tiles (their content stands in internal/places) in the tokens' colours. Letters
// are drawn by MapLibre itself with the page's own font, so that no glyphs are asked of anybody.
const tokens = ['map-sea', 'map-land', 'map-built', 'map-forest', 'map-green', 'map-water', 'map-water-ink', 'map-road', 'map-edge', 'map-far', 'map-house', 'map-house-edge',
  'ink', 'ink-2', 'ink-3', 'line-strong', 'frame', 'accent', 'paper'];

// A token as a colour that MapLibre reads: the browser resolves theme and oklch, a canvas gives its bytes.
function colours() {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const out = {};
  for (const name of tokens) {
    probe.style.color = `var(--${name})`;
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = getComputedStyle(probe).color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
    out[name] = `rgb(${r},${g},${b})`;
  }
  probe.remove();
  return out;
}

const family = ['Golos Text', 'Segoe UI', 'Roboto', 'Noto Sans', 'Arial', 'sans-serif'];
const plain = family, strong = ['Golos Text Semibold', ...family]; // the first name alone tells the weight

// Both alphabets and both weights of the labels: MapLibre itself waits for Latin alone.
export const letters = () => Promise.all(['400', '600'].map((weight) => document.fonts.load(`${weight} 48px "Golos Text"`, 'Жж1A')));

// A size that grows with the zoom: pairs of zoom and pixels.
const grow = (...stops) => ['interpolate', ['exponential', 1.6], ['zoom'], ...stops];
const fade = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];
const is = (key, ...values) => ['in', ['get', key], ['literal', values]];
const shape = (type) => ['==', ['geometry-type'], type];
const round = { 'line-cap': 'round', 'line-join': 'round' };
const flat = { 'line-cap': 'butt', 'line-join': 'round' };

// Roads from the least to the greatest: class, zoom from which it is drawn, width.
const roads = [
  ['street', ['street', 'private'], 12, [12, 0.5, 14, 3, 16, 13, 18, 40]],
  ['local', ['local'], 9, [9, 0.5, 12, 1.6, 14, 4, 16, 13, 18, 40]],
  ['main', ['main'], 11, [11, 0.8, 13, 3, 14, 5, 16, 18, 18, 58]],
  ['regional', ['regional'], 5, [6, 0.8, 9, 1.6, 12, 3, 14, 6, 16, 18, 18, 58]],
  ['federal', ['federal'], 4, [5, 1.2, 9, 2.6, 12, 4.5, 14, 8, 16, 24, 18, 70]],
];

export function style(source, points, crowded) {
  const c = colours();
  const layers = [];
  const add = (id, type, layer, minzoom, filter, paint, more = {}) => layers.push({ id, type, source: 'ground', 'source-layer': layer, minzoom, ...(filter && { filter }), paint, ...more });

  layers.push({ id: 'sea', type: 'background', paint: { 'background-color': source ? c['map-sea'] : c['map-land'] } });
  add('land', 'fill', 'land', 0, null, { 'fill-color': c['map-land'] });
  add('forest', 'fill', 'green', 0, is('kind', 'forest'), { 'fill-color': c['map-forest'] });
  add('built', 'fill', 'built', 9, null, { 'fill-color': c['map-built'], 'fill-opacity': fade(12.5, 1, 14, 0) });
  add('green', 'fill', 'green', 12, is('kind', 'park', 'cemetery'), { 'fill-color': c['map-green'] });
  add('grounds', 'fill', 'things', 15, ['all', shape('Polygon'), is('kind', 'playground', 'sport')], { 'fill-color': c['map-green'] });
  add('water', 'fill', 'water', 0, null, { 'fill-color': c['map-water'] });
  add('streams', 'line', 'water', 0, is('kind', 'river'), { 'line-color': c['map-water'], 'line-width': grow(5, 0.9, 10, 1.4, 13, 0.4) });
  for (const [id, classes, from, width] of roads) {
    const edge = width.map((v, i) => i % 2 ? v + 2 : v);
    add('edge-' + id, 'line', 'roads', Math.max(from, 10), is('class', ...classes), { 'line-color': c['map-edge'], 'line-width': grow(...edge) }, { layout: round });
  }
  for (const [id, classes, from, width] of roads) {
    if (from < 10) add('far-' + id, 'line', 'roads', from, is('class', ...classes), { 'line-color': c['map-far'], 'line-width': grow(...width), 'line-opacity': fade(10, 1, 11, 0) }, { layout: flat, maxzoom: 11 });
    add('road-' + id, 'line', 'roads', Math.max(from, 10), is('class', ...classes), { 'line-color': c['map-road'], 'line-width': grow(...width) }, { layout: round });
  }
  add('houses', 'fill', 'houses', 14, null, { 'fill-color': c['map-house'], 'fill-outline-color': c['map-house-edge'], 'fill-opacity': fade(14, 0, 14.6, 1) });
  add('stops', 'circle', 'things', 16, is('kind', 'bus_stop'), { 'circle-color': c.paper, 'circle-radius': grow(16, 2.5, 18, 5), 'circle-stroke-color': c['ink-3'], 'circle-stroke-width': 1.5 });
  add('lamps', 'circle', 'things', 16.6, is('kind', 'lamp'), { 'circle-color': c['ink-3'], 'circle-radius': grow(16, 1.2, 18, 2.2) });
  add('borders', 'line', 'territories', 5, shape('LineString'), { 'line-color': c['line-strong'], 'line-width': grow(6, 0.7, 12, 1.4), 'line-dasharray': [4, 3] }, { layout: { 'line-join': 'round' } });
  add('coast', 'line', 'land', 0, null, { 'line-color': c['line-strong'], 'line-width': grow(6, 1, 12, 2) }, { layout: { 'line-join': 'round' } });

  // Labels, the least important first: where two would meet, MapLibre keeps the later.
  const name = document.documentElement.lang === 'en' ? ['coalesce', ['get', 'name_en'], ['get', 'name']] : ['get', 'name'];
  const label = (id, layer, from, filter, colour, size, more = {}, maxzoom = 24) => add(id, 'symbol', layer, from, filter,
    { 'text-color': c[colour], 'text-halo-color': c['map-land'], 'text-halo-width': 1.6 },
    { maxzoom, layout: { 'text-field': name, 'text-font': plain, 'text-size': size, 'text-max-width': 8, ...more } });
  const along = { 'symbol-placement': 'line', 'symbol-spacing': 320, 'text-max-angle': 32, 'text-padding': 6 };
  label('numbers', 'houses', 15.9, ['has', 'house'], 'ink-3', grow(16, 10, 18, 13), { 'text-field': ['get', 'house'], 'text-padding': 1 });
  label('buildings', 'labels', 15.6, is('kind', 'school', 'kindergarten', 'clinic', 'culture'), 'ink-2', 12, { 'text-max-width': 7, 'text-padding': 6 });
  label('parks', 'labels', 14.4, is('kind', 'park'), 'ink-2', 12);
  label('avenues', 'roads', 13, is('class', 'main'), 'ink-2', 11.5, along, 14);
  label('streets', 'roads', 14, is('class', 'street', 'main', 'private'), 'ink-2', grow(14, 11.5, 17, 14), along);
  label('highways', 'roads', 9, is('class', 'federal', 'regional'), 'ink-3', 11, along);
  label('rivers', 'labels', 11, is('kind', 'river'), 'map-water-ink', grow(11, 11.5, 16, 14), along);
  label('lakes', 'labels', 8, is('kind', 'lake'), 'map-water-ink', grow(8, 11.5, 13, 15));
  label('territories', 'territories', 7.4, shape('Point'), 'ink-3', grow(7, 10.5, 9, 12.5), { 'text-offset': [0, 1.1] }, 9.6);
  const below = crowded ? { 'text-anchor': 'top', 'text-offset': [0, 1.2] } : {}; // points stand in the middle of towns
  const place = (id, rank, from, colour, font, size) => label(id, 'labels', from, ['==', ['get', 'rank'], rank], colour, size, { 'text-font': font, ...below }, 13.2);
  place('villages', 4, 9, 'ink-2', plain, grow(9, 10.5, 13, 14));
  place('towns', 3, 8, 'ink-2', plain, grow(8, 11.5, 13, 16));
  place('cities', 2, 6, 'ink', plain, grow(6, 11.5, 9, 14, 13, 18));
  place('capital', 1, 4, 'ink', strong, grow(5, 13, 9, 16, 13, 22));

  layers.push({ id: 'points', source: 'points', type: 'circle', paint: { 'circle-color': c.paper, 'circle-radius': 5, 'circle-stroke-color': c.accent, 'circle-stroke-width': 3 } });
  const sources = { points: { type: 'geojson', data: points } };
  if (source) sources.ground = source;
  return { version: 8, sources, layers: source ? layers : layers.filter((l) => l.source !== 'ground') };
}
