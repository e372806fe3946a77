// Runs at the end of the page: takes a picture of each chart and leaves them all in the document as JSON.
(async () => {
  const stills = [];
  const report = document.createElement('script');
  report.type = 'application/json';
  report.id = 'stills';
  try {
    for (const chart of document.querySelectorAll('.plotly-chart.js-plotly-plot')) {
      const { width, height } = chart._fullLayout;
      const url = await Plotly.toImage(chart, { format: 'png', width, height, scale: 1.5 });
      stills.push({ Output: chart.closest('[data-output]').dataset.output, Png: url.slice(url.indexOf(',') + 1), Width: Math.round(width), Height: Math.round(height) });
    }
    report.textContent = JSON.stringify({ stills });
  } catch (error) {
    report.textContent = JSON.stringify({ error: String(error) }).replaceAll('<', '\\u003c');
  }
  document.body.append(report);
})();
