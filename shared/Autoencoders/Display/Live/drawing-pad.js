// A pad to write a digit on, and what networks make of it at every stroke.

const side = 28;
const penWidth = 2.6; // of an average stroke of MNIST, in its pixels, at half height; and its edges rise over 1.2 pixels
const edge = 1.2;
const nearest = 0.1; // Points of a stroke that are nearer to each other tell nothing.
const box = 20; // MNIST fits a digit into 20x20 pixels,
const middle = 14; // and then puts its centre of mass on this pixel.

/** Strokes, lists of points in pixels, as grey levels of 28x28 pixels, scaled and then moved. */
function ink(strokes, scale = 1, dx = 0, dy = 0) {
  const grey = new Float32Array(side * side);
  const reach = (penWidth + edge) / 2;
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]) => [x * scale + dx, y * scale + dy]);
    points.forEach(([bx, by], i) => {
      const [ax, ay] = points[Math.max(0, i - 1)];
      const length = (bx - ax) ** 2 + (by - ay) ** 2;
      for (let row = Math.max(0, Math.floor(Math.min(ay, by) - reach)); row < Math.min(side, Math.max(ay, by) + reach); row++) {
        for (let column = Math.max(0, Math.floor(Math.min(ax, bx) - reach)); column < Math.min(side, Math.max(ax, bx) + reach); column++) {
          const [x, y] = [column + 0.5 - ax, row + 0.5 - ay];
          const along = length === 0 ? 0 : Math.min(1, Math.max(0, (x * (bx - ax) + y * (by - ay)) / length));
          const distance = Math.hypot(x - along * (bx - ax), y - along * (by - ay));
          const level = Math.min(1, Math.max(0, (reach - distance) / edge));
          grey[row * side + column] = Math.max(grey[row * side + column], level);
        }
      }
    });
  }
  return grey;
}

/** The drawing as MNIST would have kept it: of its size, at its place, with its pen. */
function asInMnist(base, strokes) {
  if (strokes.length === 0) {
    return base;
  }
  if (base.some((value) => value > 0)) {
    const all = ink(strokes).map((value, i) => Math.max(value, base[i]));
    const [x, y] = centreOfMass(all);
    return moved(all, Math.round(middle - x), Math.round(middle - y));
  }
  const [left, right] = extent(strokes.flat().map(([x]) => x));
  const [top, bottom] = extent(strokes.flat().map(([, y]) => y));
  const size = box - penWidth;
  const scale = size / Math.max(right - left, bottom - top, size / 2); // a dot stays a dot
  const [dx, dy] = [middle - (scale * (left + right)) / 2, middle - (scale * (top + bottom)) / 2];
  const [x, y] = centreOfMass(ink(strokes, scale, dx, dy));
  return ink(strokes, scale, dx + middle - x, dy + middle - y);
}

function centreOfMass(image) {
  let [mass, x, y] = [0, 0, 0];
  image.forEach((value, i) => {
    mass += value;
    x += value * (i % side);
    y += value * Math.floor(i / side);
  });
  return [x / mass, y / mass];
}

function moved(image, dx, dy) {
  const inside = (place) => place >= 0 && place < side;
  return image.map((_, i) => {
    const [x, y] = [(i % side) - dx, Math.floor(i / side) - dy];
    return inside(x) && inside(y) ? image[y * side + x] : 0;
  });
}

function extent(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Normal deviates by Box and Muller, the same for the same seed. */
function normals(count, seed) {
  const uniform = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), seed | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (((bits ^ (bits >>> 14)) >>> 0) + 1) / 2 ** 32;
  };
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** The maps of a code side by side in a square, each number a small one. */
function drawMaps(canvas, { shape, data }, colours) {
  const [maps, height, width] = shape.length === 3 ? shape : [shape[0], 1, 1];
  const columns = Math.ceil(Math.sqrt(maps));
  const cell = Math.max(2, Math.round(252 / (columns * width))); // which is the gap, too
  const [low, high] = extent(data);
  canvas.width = columns * (width + 1) * cell - cell;
  canvas.height = Math.ceil(maps / columns) * (height + 1) * cell - cell;
  const context = canvas.getContext("2d");
  data.forEach((value, i) => {
    const map = Math.floor(i / (height * width));
    const x = (map % columns) * (width + 1) + (i % width);
    const y = Math.floor(map / columns) * (height + 1) + (Math.floor(i / width) % height);
    context.fillStyle = `rgb(${mix(colours, (value - low) / (high - low || 1)).map(Math.round)})`;
    context.fillRect(x * cell, y * cell, cell, cell);
  });
}

/** The figure: the pad with its buttons, and beside it the panels. */
function figure(data, host) {
  const examples = fromBase64(data.examples);
  const networks = data.networks.map(({ name, code, layers: list, numbers }) => ({ name, code, layers: unpack({ layers: list, numbers }) }));
  const noisy = data.noise !== null;
  let [example, base, strokes, stroke, noise, seed] = [0, null, [], null, data.noise, 1];
  let deviates = normals(side * side, seed);
  const pen = { x: middle, y: middle, down: false, shown: false };

  const canvas = element("canvas", {
    class: "touch", tabindex: 0, role: "application", "aria-roledescription": "drawing pad", "aria-label": "Pad to write a digit on",
    "aria-describedby": "keys", width: 560, height: 560,
  });
  const seen = imagePanel(side, side, noisy ? "clean" : "centred, as in MNIST");
  const spoilt = noisy ? imagePanel(side, side, "with noise") : null;
  const answers = networks.map(({ name }) => imagePanel(side, side, name));
  const error = imagePanel(side, side, "error", "blue too dark, orange too bright");
  const code = imagePanel(1, 1, "its code");

  const update = beforeNextPicture(() => {
    drawPad();
    const image = asInMnist(base, strokes);
    const input = noisy ? image.map((value, i) => Math.min(1, Math.max(0, value + noise * deviates[i]))) : image;
    seen.show(image);
    if (noisy) {
      spoilt.show(input);
      spoilt.say("with noise", decibels(input, image));
    }
    const drawn = networks.map((network, n) => {
      const all = activations(network.layers, { shape: [1, side, side], data: input });
      const answer = all[all.length - 1].data;
      answers[n].show(answer);
      answers[n].say(network.name, decibels(answer, image));
      if (network.code !== null) {
        error.show(answer.map((value, i) => value - image[i]), data.errorColours, -0.5, 0.5);
        const tensor = all[network.code];
        drawMaps(code.canvas, tensor, data.codeColours);
        code.say("its code", `${tensor.shape.join("×")} numbers, ${extent(tensor.data).map((value) => value.toFixed(1)).join(" to ")}`);
      }
      return answer;
    });
    host.shown = { seen: image, input, drawn }; // for whoever wants the numbers
  });

  function drawPad() {
    const context = canvas.getContext("2d");
    const unit = canvas.width / side;
    context.setTransform(unit, 0, 0, unit, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, side, side);
    base.forEach((value, i) => {
      if (value > 0) {
        context.fillStyle = `rgb(${mix([[0, 0, 0], [255, 255, 255]], value)})`;
        context.fillRect(i % side, Math.floor(i / side), 1.02, 1.02);
      }
    });
    context.strokeStyle = "#fff";
    context.lineWidth = penWidth;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      context.beginPath();
      stroke.forEach(([x, y]) => context.lineTo(x, y));
      context.lineTo(...stroke[stroke.length - 1]);
      context.stroke();
    }
    if (strokes.length === 0 && !pen.shown) {
      context.fillStyle = "#aaa";
      context.font = "1.4px sans-serif";
      context.textAlign = "center";
      context.fillText("draw here", middle, side - 0.8);
    }
    if (pen.shown) {
      context.lineWidth = 0.3;
      context.strokeStyle = "#56b4e9";
      context.fillStyle = pen.down ? "#56b4e9" : "#56b4e955";
      context.beginPath();
      context.arc(pen.x, pen.y, penWidth / 2 + 0.3, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  function load(index) {
    example = index;
    base = Float32Array.from(examples.subarray(index * side * side, (index + 1) * side * side), (byte) => byte / 255);
    restart();
  }

  function restart() {
    strokes = [];
    pen.down = false;
    update();
  }

  function clear() {
    base = new Float32Array(side * side);
    restart();
  }

  function undo() {
    strokes.pop();
    pen.down = false;
    update();
  }

  function placeOf(event) {
    const frame = canvas.getBoundingClientRect();
    const within = (value) => Math.min(side, Math.max(0, value * side));
    return [within((event.clientX - frame.left) / frame.width), within((event.clientY - frame.top) / frame.height)];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.isPrimary && event.button === 0) {
      canvas.setPointerCapture(event.pointerId);
      [pen.down, pen.shown] = [false, false];
      stroke = [placeOf(event)];
      strokes.push(stroke);
      update();
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.isPrimary && canvas.hasPointerCapture(event.pointerId)) {
      const finer = event.getCoalescedEvents?.() ?? [];
      for (const [x, y] of (finer.length > 0 ? finer : [event]).map(placeOf)) {
        const [lastX, lastY] = stroke[stroke.length - 1];
        if (Math.hypot(x - lastX, y - lastY) > nearest) {
          stroke.push([x, y]);
        }
      }
      update();
    }
  });
  canvas.addEventListener("focus", () => {
    pen.shown = canvas.matches(":focus-visible");
    update();
  });
  canvas.addEventListener("blur", () => {
    [pen.shown, pen.down] = [false, false];
    update();
  });
  canvas.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step) {
      const size = event.shiftKey ? 2 : 0.5;
      pen.x = Math.min(side, Math.max(0, pen.x + step[0] * size));
      pen.y = Math.min(side, Math.max(0, pen.y + step[1] * size));
      if (pen.down) {
        strokes[strokes.length - 1].push([pen.x, pen.y]);
      }
    } else if (event.key === " " || event.key === "Enter") {
      pen.down = !pen.down;
      if (pen.down) {
        strokes.push([[pen.x, pen.y]]);
      }
    } else if (event.key === "Backspace") {
      undo();
    } else if (event.key === "Delete") {
      clear();
    } else {
      return;
    }
    event.preventDefault();
    pen.shown = true;
    update();
  });

  const button = (text, click) => element("button", { type: "button", click }, text);
  const controls = [button("Clear", clear), button("Undo", undo), button("Another digit", () => load((example + 1) % (examples.length / side / side)))];
  if (noisy) {
    const label = element("span", {}, `noise ${noise.toFixed(2)}`);
    const slide = (event) => {
      noise = Number(event.target.value);
      label.textContent = `noise ${noise.toFixed(2)}`;
      update();
    };
    const renew = () => {
      deviates = normals(side * side, ++seed);
      update();
    };
    controls.unshift(element("label", {}, label, element("input", { type: "range", min: 0, max: 1, step: 0.05, value: noise, input: slide })));
    controls.push(button("New noise", renew));
  }

  load(0);
  const panels = noisy ? [seen, spoilt, ...answers] : [seen, ...answers, error, code];
  return [
    element("p", {}, data.hint),
    element("div", { class: "pad" },
      canvas,
      element("div", { class: "panels" }, ...panels.map((panel) => panel.root)),
      element("div", { class: "controls" }, ...controls),
      element("p", { class: "keys", id: "keys" }, "Arrow keys move the pen, with Shift faster. Space puts it down or lifts it, Backspace takes the last stroke back, Delete clears.")),
  ];
}
