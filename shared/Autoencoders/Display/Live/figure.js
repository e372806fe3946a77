// What the live figures share. A figure lives in a shadow root: no style, id or name of it meets those of the page.

/** Brings a figure to life wherever it waits on the page. Until then, and where no script runs, its still picture stands there. */
function start(id, style, build) {
  for (const host of document.querySelectorAll(`[data-live="${id}"]`)) {
    if (host.shadowRoot) {
      continue;
    }
    const content = build(host);
    host.attachShadow({ mode: "open" }).append(element("style", {}, style), ...content);
    // Keys that are pressed here are not the notebook's, except for those like Ctrl+S.
    host.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
  }
}

/** An element with attributes and children; texts stay texts. */
function element(name, attributes = {}, ...children) {
  const made = document.createElementNS(name in svgNames ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml", name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(attribute, value);
    } else if (value !== null) {
      made.setAttribute(attribute, value);
    }
  }
  made.append(...children);
  return made;
}

const svgNames = { svg: 1, g: 1, circle: 1, line: 1, text: 1 };

/** A picture of pixels with a caption, a name and what changes: shows data by colours. */
function imagePanel(width, height, name, value = "") {
  const canvas = element("canvas", { width, height, role: "img" });
  const caption = element("figcaption");
  const say = (...words) => {
    caption.replaceChildren(element("b", {}, words[0]), ` ${words[1]}`);
    canvas.setAttribute("aria-label", words.join(" "));
  };
  const show = (data, colours = [[0, 0, 0], [255, 255, 255]], low = 0, high = 1) => {
    const image = new ImageData(width, height);
    data.forEach((number, i) => image.data.set([...mix(colours, (number - low) / (high - low)), 255], 4 * i));
    canvas.getContext("2d").putImageData(image, 0, 0);
  };
  say(name, value);
  return { root: element("figure", {}, canvas, caption), canvas, show, say };
}

/** The colour at a part, 0 to 1, of a row of colours. */
function mix(colours, part) {
  const place = Math.min(1, Math.max(0, part)) * (colours.length - 1);
  const stop = Math.min(Math.floor(place), colours.length - 2);
  return colours[stop].map((from, i) => from + (colours[stop + 1][i] - from) * (place - stop));
}

/** The peak signal-to-noise ratio of an image, as a text. */
function decibels(image, original) {
  const squares = image.reduce((sum, value, i) => sum + (value - original[i]) ** 2, 0);
  return squares === 0 ? "exact" : `${(10 * Math.log10(image.length / squares)).toFixed(1)} dB`;
}

/** Calls a function once before the next picture, however often it was asked for. */
function beforeNextPicture(run) {
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        run();
      });
    }
  };
}

const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
