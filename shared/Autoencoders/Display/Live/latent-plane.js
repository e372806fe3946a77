// The plane of a code of two numbers: a decoder draws whatever the pointer is on, and the way between two points.

const side = 28;
const stops = 10; // pictures on the way

/** The figure: the map of codes, the drawing under the pointer, and the way. */
function figure(data, host) {
  const decoder = unpack(data.decoder);
  const [left, right, bottom, top] = data.view;
  const codes = fromHalves(data.points);
  const black = (colour) => colour === "#000000"; // the colour of text then, which shows on any page
  const fill = (colour) => (black(colour) ? "currentColor" : colour);
  const place = ([a, b]) => ({ x: (100 * (a - left)) / (right - left), y: (100 * (top - b)) / (top - bottom) });
  let [from, to] = data.way;

  const line = element("line", { class: "way" });
  const start = element("circle", { class: "mark", r: 1.6 });
  const end = element("circle", { class: "mark", r: 1.6 });
  const cursor = element("g", { class: "cursor" }, element("line", { x1: -4, x2: 4 }), element("line", { y1: -4, y2: 4 }));
  const points = [...data.labels].map((digit, i) => {
    const { x, y } = place(codes.subarray(2 * i, 2 * i + 2));
    return element("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 0.7, fill: fill(data.colours[digit]) });
  });
  const names = data.homes.map(({ digit, code }) => {
    const { x, y } = place(code);
    const colour = data.colours[digit];
    return element("g", { transform: `translate(${x} ${y})` },
      element("circle", { r: 3.4, fill: black(colour) ? "#fff" : colour, stroke: black(colour) ? "#000" : "#fff", "stroke-width": 0.4 }),
      element("text", { fill: black(colour) || isLight(colour) ? "#000" : "#fff", "text-anchor": "middle", dy: "0.36em" }, `${digit}`));
  });
  const map = element("svg", {
    class: "touch", viewBox: "0 0 100 100", tabindex: 0, role: "application", "aria-roledescription": "map", "aria-describedby": "keys",
    "aria-label": "Plane of codes, a point for each test digit",
  }, element("g", { class: "points" }, ...points), line, start, end, ...names, cursor);
  const drawing = imagePanel(side, side, "drawn here");
  const strip = imagePanel(stops * side, side, "the way");

  const decode = (code) => {
    const all = activations(decoder, { shape: [2], data: code });
    return all[all.length - 1].data;
  };
  const between = (part) => [0, 1].map((i) => from[i] + (to[i] - from[i]) * part);
  let pointer = between(0.5);
  let walking = false; // by keys

  const update = beforeNextPicture(() => {
    const drawn = decode(pointer);
    drawing.show(drawn);
    drawing.say("drawn at", `(${pointer.map((value) => value.toFixed(2).replace("-", "−")).join(", ")})`);
    const { x, y } = place(pointer);
    cursor.setAttribute("transform", `translate(${x} ${y})`);
    const [one, other] = [place(from), place(to)];
    Object.entries({ x1: one.x, y1: one.y, x2: other.x, y2: other.y }).forEach(([name, value]) => line.setAttribute(name, value));
    [[start, one], [end, other]].forEach(([mark, at]) => {
      mark.setAttribute("cx", at.x);
      mark.setAttribute("cy", at.y);
    });
    const way = new Float32Array(stops * side * side);
    for (let stop = 0; stop < stops; stop++) {
      decode(between(stop / (stops - 1))).forEach((value, i) => {
        way[(Math.floor(i / side) * stops + stop) * side + (i % side)] = value;
      });
    }
    strip.show(way);
    host.shown = { code: [...pointer], drawn, from: [...from], to: [...to] }; // for whoever wants the numbers
  });

  function codeOf(event) {
    const frame = map.getBoundingClientRect();
    const part = (value) => Math.min(1, Math.max(0, value));
    return [
      left + part((event.clientX - frame.left) / frame.width) * (right - left),
      top - part((event.clientY - frame.top) / frame.height) * (top - bottom),
    ];
  }

  map.addEventListener("pointerdown", (event) => {
    if (event.isPrimary && event.button === 0) {
      map.setPointerCapture(event.pointerId);
      walking = false;
      from = to = pointer = codeOf(event);
      update();
    }
  });
  map.addEventListener("pointermove", (event) => {
    if (event.isPrimary) {
      pointer = codeOf(event);
      if (map.hasPointerCapture(event.pointerId)) {
        to = pointer;
      }
      update();
    }
  });
  map.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step) {
      const size = event.shiftKey ? 0.1 : 0.02;
      const within = (value, low, high) => Math.min(high, Math.max(low, value));
      pointer = [
        within(pointer[0] + step[0] * size * (right - left), left, right),
        within(pointer[1] - step[1] * size * (top - bottom), bottom, top),
      ];
      if (walking) {
        to = pointer;
      }
    } else if (event.key === " " || event.key === "Enter") {
      walking = !walking;
      if (walking) {
        from = to = pointer;
      }
    } else {
      return;
    }
    event.preventDefault();
    update();
  });

  update();
  return [
    element("p", {}, data.hint),
    element("div", { class: "plane" },
      map,
      drawing.root,
      strip.root,
      element("p", { class: "keys", id: "keys" }, "Arrow keys move the cross, with Shift faster. Space begins a way there, and ends it.")),
  ];
}

function isLight(colour) {
  const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255);
  return 0.3 * red + 0.59 * green + 0.11 * blue > 0.5;
}
