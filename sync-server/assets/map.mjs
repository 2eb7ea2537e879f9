// Draws the areas and the records with MapLibre, from this server's own answers only: no tiles, no
// fonts, no other host. The lists beside the map show the same and are kept up to date too.

import * as maplibregl from './vendor/maplibre-gl/maplibre-gl.mjs';
import { fetchPart, follow } from './stream.mjs';

const frame = document.getElementById('kaart');
const side = document.querySelector('[data-fragment="map"]');
const texts = frame.dataset;
const KINDS = ['vraag', 'klacht', 'signaal', 'initiatief', 'bezoek'];
const FONT = 'Atkinson Hyperlegible Next';

start().catch(() => {
  frame.hidden = true;
  document.querySelector('[data-map-failed]').hidden = false;
});

async function start() {
  const [areas, points] = await Promise.all([json(texts.areas), json(texts.points)]);
  await document.fonts.load(`600 16px "${FONT}"`).catch(() => {});
  const map = new maplibregl.Map({
    container: frame,
    style: style(areas, points),
    bounds: bounds(areas),
    fitBoundsOptions: { padding: 24 },
    maxZoom: 18,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: false,
    attributionControl: { compact: false, customAttribution: texts.textAttribution },
    locale: {
      'NavigationControl.ZoomIn': texts.textZoomIn,
      'NavigationControl.ZoomOut': texts.textZoomOut,
      'Map.Title': texts.textMap,
      'Popup.Close': texts.textClose,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), 'top-right');
  map.on('click', 'clusters', (event) => zoomInto(map, event));
  map.on('click', 'points', (event) => open(map, event.features[0]));
  for (const layer of ['clusters', 'points']) {
    map.on('mouseenter', layer, () => (map.getCanvas().style.cursor = 'pointer'));
    map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''));
  }
  map.once('idle', () => frame.setAttribute('data-drawn', ''));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', async () => {
    map.setStyle(style(areas, await json(texts.points)));
  });
  follow(async () => {
    const [newest, html] = await Promise.all([json(texts.points), fetchPart('map')]);
    map.getSource('points')?.setData(newest);
    map.getSource('areas')?.setData(counted(areas, newest.counts));
    if (html === undefined) return;
    const focused = document.activeElement;
    // Somebody walking through the list with the keyboard is not thrown out of it.
    if (!side.contains(focused)) {
      side.replaceChildren(...new DOMParser().parseFromString(html, 'text/html').body.childNodes);
    }
  });
}

function style(areas, points) {
  const ink = colour('--wb-ink');
  const surface = colour('--wb-surface');
  const brand = colour('--wb-brand');
  const kindColour = ['match', ['get', 'kind'], ...KINDS.flatMap((kind) => [kind, colour(`--wb-${kind}`)]), ink];
  const most = Math.max(1, ...Object.values(points.counts));
  return {
    version: 8,
    sources: {
      areas: { type: 'geojson', data: counted(areas, points.counts) },
      names: { type: 'geojson', data: named(areas) },
      points: { type: 'geojson', data: points, cluster: true, clusterRadius: 36, clusterMaxZoom: 16 },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': colour('--wb-sunken') } },
      {
        id: 'areas',
        type: 'fill',
        source: 'areas',
        paint: {
          'fill-color': [
            'interpolate', ['linear'], ['get', 'count'],
            0, surface,
            most, colour('--wb-area-full'),
          ],
        },
      },
      { id: 'borders', type: 'line', source: 'areas', paint: { 'line-color': colour('--wb-line-strong'), 'line-width': 1.2 } },
      {
        id: 'names',
        type: 'symbol',
        source: 'names',
        // Names give way to what lies on the map: the layers above are placed first.
        layout: {
          'text-field': ['get', 'name'],
          'text-font': [FONT],
          'text-size': 14,
          'text-max-width': 7,
          'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
          'text-radial-offset': 1.4,
        },
        paint: { 'text-color': ink, 'text-halo-color': surface, 'text-halo-width': 1.4 },
      },
      {
        id: 'clusters',
        type: 'circle',
        source: 'points',
        filter: ['has', 'point_count'],
        paint: {
          'circle-color': brand,
          'circle-radius': ['interpolate', ['linear'], ['get', 'point_count'], 2, 13, 50, 26],
          'circle-stroke-color': surface,
          'circle-stroke-width': 2,
        },
      },
      {
        id: 'cluster-counts',
        type: 'symbol',
        source: 'points',
        filter: ['has', 'point_count'],
        layout: {
          'text-field': ['get', 'point_count_abbreviated'],
          'text-font': [FONT],
          'text-size': 14,
          'text-allow-overlap': true,
          'text-padding': 8,
        },
        paint: { 'text-color': colour('--wb-on-brand') },
      },
      {
        id: 'points',
        type: 'circle',
        source: 'points',
        filter: ['!', ['has', 'point_count']],
        paint: { 'circle-color': kindColour, 'circle-radius': 8, 'circle-stroke-color': surface, 'circle-stroke-width': 2 },
      },
      {
        // Circles take no room of their own from names; an unseen letter over each does.
        id: 'point-room',
        type: 'symbol',
        source: 'points',
        filter: ['!', ['has', 'point_count']],
        layout: { 'text-field': 'o', 'text-font': [FONT], 'text-size': 14, 'text-allow-overlap': true, 'text-padding': 4 },
        paint: { 'text-opacity': 0 },
      },
    ],
  };
}

async function zoomInto(map, event) {
  const [cluster] = event.features;
  const zoom = await map.getSource('points').getClusterExpansionZoom(cluster.properties.cluster_id);
  map.easeTo({ center: cluster.geometry.coordinates, zoom });
}

function open(map, point) {
  const { href, label, text, when } = point.properties;
  const box = document.createElement('div');
  box.append(element('strong', '', label), element('p', 'wb-popup__text', text), element('p', 'wb-popup__where', when));
  const link = element('a', 'utrecht-link utrecht-link--html-a', texts.textOpen);
  link.href = href;
  box.append(link);
  new maplibregl.Popup({ maxWidth: '18rem', focusAfterOpen: true })
    .setLngLat(point.geometry.coordinates)
    .setDOMContent(box)
    .addTo(map);
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function counted(areas, counts) {
  const features = areas.features.map((area) => ({
    ...area,
    properties: { ...area.properties, count: counts[area.properties.code] ?? 0 },
  }));
  return { type: 'FeatureCollection', features };
}

/** Where each area's name goes: the middle of its largest part's bounding box. */
function named(areas) {
  const features = areas.features.map((area) => ({
    type: 'Feature',
    properties: { name: area.properties.name },
    geometry: { type: 'Point', coordinates: middle(largest(area.geometry)) },
  }));
  return { type: 'FeatureCollection', features };
}

function largest(geometry) {
  const rings = geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0]);
  return rings.reduce((best, ring) => (Math.abs(surfaceOf(ring)) > Math.abs(surfaceOf(best)) ? ring : best));
}

function surfaceOf(ring) {
  return ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0) / 2;
}

/** The centroid of a ring. */
function middle(ring) {
  const [originX, originY] = ring[0];
  let x = 0;
  let y = 0;
  let total = 0;
  ring.forEach(([x1, y1], at) => {
    const [x2, y2] = ring[(at + 1) % ring.length];
    const cross = (x1 - originX) * (y2 - originY) - (x2 - originX) * (y1 - originY);
    total += cross;
    x += (x1 + x2 - 2 * originX) * cross;
    y += (y1 + y2 - 2 * originY) * cross;
  });
  return total === 0 ? ring[0] : [originX + x / (3 * total), originY + y / (3 * total)];
}

function bounds(areas) {
  const box = new maplibregl.LngLatBounds();
  const walk = (part) => (typeof part[0] === 'number' ? box.extend(part) : part.forEach(walk));
  for (const area of areas.features) walk(area.geometry.coordinates);
  return box;
}

/** A token's colour as this browser resolves it now, light or dark. */
function colour(token) {
  const probe = document.createElement('span');
  probe.className = 'wb-probe';
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

async function json(address) {
  const response = await fetch(address, { headers: { 'Wijkboek-Fragment': 'json' }, credentials: 'same-origin' });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
