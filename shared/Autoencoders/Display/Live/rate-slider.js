// What bytes buy: the same digits by one codec at the rate of a slider, and by others at that size, or as near as they come.

const square = 6; // a byte is a square of 5 pixels and a gap of one
const perLine = 50;

/** The figure: the slider, and for each codec its digits and its bytes, one by one. */
function figure(data, host) {
  const { own, others } = data;
  let rate = Math.floor(own.rates.length / 2);
  let alike = "size";

  const panels = [own, { name: "original" }, ...others].map(({ name }) => {
    const picture = element("img", { alt: "" });
    const caption = element("figcaption");
    const bytes = element("div", { class: "bytes", "aria-hidden": "true" });
    return { name, picture, caption, bytes, root: element("figure", {}, picture, caption, bytes) };
  });

  function show({ name, picture, caption, bytes }, { png, size }, words) {
    picture.src = `data:image/png;base64,${png}`;
    caption.replaceChildren(element("b", {}, name), ` ${words}`);
    picture.alt = `Digits, ${name}, ${words}`;
    const count = Math.round(size);
    const line = (squares, lines) => {
      const made = element("div");
      made.style.width = `${squares * square}px`;
      made.style.height = `${lines * square}px`;
      return made;
    };
    bytes.replaceChildren(line(perLine, Math.floor(count / perLine)), line(count % perLine, 1));
  }

  function update() {
    const { size, psnr } = own.rates[rate];
    const measure = (point) => `${point.size.toFixed(1)} bytes, ${point.psnr.toFixed(1)} dB`;
    show(panels[0], own.rates[rate], measure(own.rates[rate]));
    show(panels[1], data.original, `${data.original.size} bytes, as they are`);
    others.forEach((other, i) => {
      const point = other.rates[other[alike][rate]];
      const [fits, note] = alike === "size" ? [point.size <= size, "its smallest: "] : [point.psnr >= psnr, "its best: "];
      const times = point.size / size;
      show(panels[i + 2], point, `${fits ? "" : note}${point.size.toFixed(1)} bytes (${times.toFixed(times < 10 ? 1 : 0)} times as many), ${point.psnr.toFixed(1)} dB`);
    });
    slider.setAttribute("aria-valuetext", measure(own.rates[rate]));
    label.textContent = `${own.name}: ${measure(own.rates[rate])}`;
    host.shown = { rate, size, psnr };
  }

  const label = element("span");
  const slider = element("input", {
    type: "range", min: 0, max: own.rates.length - 1, step: 1, value: rate,
    input: (event) => {
      rate = Number(event.target.value);
      update();
    },
  });
  const choice = (value, text) => {
    const radio = element("input", {
      type: "radio", name: "alike", value,
      change: () => {
        alike = value;
        update();
      },
    });
    radio.checked = value === alike;
    return element("label", {}, radio, ` ${text}`);
  };

  update();
  return [
    element("p", {}, data.hint),
    element("label", {}, label, slider),
    element("div", { class: "choices", role: "radiogroup", "aria-label": "What the other codecs have alike" },
      choice("size", "others at the same size, or their smallest"), choice("quality", "others at the same quality")),
    element("div", { class: "codecs" }, ...panels.map((panel) => panel.root)),
    element("p", { class: "small" }, "Each small square is a byte: what one digit takes, on average."),
  ];
}
