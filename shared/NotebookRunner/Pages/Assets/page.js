"use strict";
(() => {
  const night = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 70rem)");
  const small = matchMedia("(max-width: 40rem)");

  // The colours of the charts' house style on a dark ground: those of its series keep their hue.
  const dark = {
    "#222222": "#dfe3ea", "#555555": "#aab1bd", "#666666": "#8b93a1", "#e2e2e2": "#343a45",
    "#0072b2": "#4aa8e8", "#d55e00": "#f08444", "#009e73": "#2fc095", "#000000": "#f2f2f2",
    "#7f7f7f": "#9a9a9a", "#882255": "#d4709f", "#a89f00": "#c9c032",
  };

  function drawn({ data, layout, config }, inDark) {
    // A copy, since plotly.js changes what it is given.
    const text = JSON.stringify([data, layout]);
    [data, layout] = JSON.parse(inDark ? text.replace(/#[0-9a-f]{6}(?=")/gi, (colour) => dark[colour.toLowerCase()] ?? colour) : text);
    if (inDark) {
      layout = { ...layout, paper_bgcolor: "transparent", plot_bgcolor: "transparent", modebar: { bgcolor: "transparent" } };
    }
    // On a small screen there is no room beside a chart.
    return small.matches
      ? [data, { ...layout, legend: { ...layout.legend, orientation: "h", y: -0.22 }, xaxis: { ...layout.xaxis, nticks: 6 } }, { ...config, displayModeBar: false }]
      : [data, layout, config];
  }

  if (window.Plotly) {
    const draw = Plotly.newPlot;
    const figures = new Map();
    Plotly.newPlot = (box, data, layout, config) => {
      figures.set(box, { data, layout, config });
      return draw(box, ...drawn({ data, layout, config }, night.matches));
    };
    const redraw = (inDark) => figures.forEach((figure, box) => Plotly.react(box, ...drawn(figure, inDark)));
    night.addEventListener("change", () => redraw(night.matches));
    addEventListener("beforeprint", () => redraw(false));
    addEventListener("afterprint", () => redraw(night.matches));
    // What was drawn while it was folded has no size yet.
    addEventListener("toggle", () => dispatchEvent(new Event("resize")), true);
  }

  // What has to be scrolled must be reached by the keyboard.
  const reachable = () => {
    for (const box of document.querySelectorAll(".output, .text table, math[display=block]")) {
      box.scrollWidth > box.clientWidth ? box.setAttribute("tabindex", "0") : box.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reachable);
  addEventListener("resize", reachable);

  addEventListener("DOMContentLoaded", () => {
    copyButtons();
    contents();
    const search = document.querySelector("search");
    if (search) {
      search.hidden = false;
      searching(search);
    }
  });

  function copyButtons() {
    for (const input of document.querySelectorAll(".input")) {
      const button = document.createElement("button");
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(input.querySelector("code").textContent);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(input.querySelector("code"));
          button.textContent = "Selected";
        }
        setTimeout(() => (button.textContent = "Copy"), 2000);
      });
      input.append(button);
    }
  }

  // Folded on narrow screens; beside the text, marks the section that is being read.
  function contents() {
    const box = document.querySelector(".contents");
    if (!box) {
      return;
    }
    const fold = () => (box.open = !narrow.matches);
    narrow.addEventListener("change", fold);
    fold();
    const links = [...box.querySelectorAll("a")];
    const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const mark = () => {
      const next = headings.findIndex((heading) => heading.getBoundingClientRect().top > innerHeight / 4);
      const here = links[(next < 0 ? links.length : next) - 1];
      links.forEach((link) => (link === here ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
    box.addEventListener("click", (event) => event.target.closest("a") && fold());
  }

  function searching(search) {
    const [field, status, list] = search.children;
    const root = document.documentElement.dataset.root;
    const most = 12;
    // A script element: from file: nothing else may be loaded.
    const load = () => {
      const script = document.createElement("script");
      script.src = `${root}search.js`;
      script.addEventListener("load", show);
      document.head.append(script);
    };
    field.addEventListener("focus", load, { once: true });
    field.addEventListener("input", show);
    addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.target.closest("input, textarea, [data-live]")) {
        event.preventDefault();
        field.focus();
      } else if (event.key === "Escape" && search.contains(event.target)) {
        field.value = "";
        show();
        field.focus();
      }
    });

    function show() {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = (words.length ? window.searchIndex ?? [] : []).map((entry) => ({ entry, score: score(entry, words) })).filter(({ score }) => score > 0);
      found.sort((a, b) => b.score - a.score);
      status.textContent = words.length && window.searchIndex ? (found.length === 1 ? "1 section" : `${found.length} sections`) : "";
      list.replaceChildren(...found.slice(0, most).map(({ entry }) => result(entry, words)));
    }

    // Every word must be there; one in a heading counts for many in the text.
    function score([, page, title, text], words) {
      let sum = 0;
      for (const word of words) {
        const inTitle = title.toLowerCase().includes(word) ? (title.toLowerCase() === word ? 200 : 20) : 0;
        const inPage = page.toLowerCase().includes(word) ? 5 : 0;
        const inText = Math.min(10, text.toLowerCase().split(word).length - 1);
        if (inTitle + inPage + inText === 0) {
          return 0;
        }
        sum += inTitle + inPage + inText;
      }
      return sum;
    }

    function result([place, page, title, text], words) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = root + place;
      link.textContent = title === page ? title : `${page} › ${title}`;
      const at = text.toLowerCase().indexOf(words[0]);
      const from = Math.max(0, text.lastIndexOf(" ", Math.max(0, at - 40)));
      const snippet = document.createElement("p");
      for (const part of (from > 0 ? `…${text.slice(from, from + 160)}` : text.slice(0, 160)).split(new RegExp(`(${words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&")).join("|")})`, "i"))) {
        const marked = words.includes(part.toLowerCase());
        const piece = document.createElement(marked ? "mark" : "span");
        piece.textContent = part;
        snippet.append(piece);
      }
      item.append(link, snippet);
      return item;
    }
  }
})();
