// Before the first paint: the theme and the text size that this reader chose. Written into every page.
(function (root) {
  root.dataset.js = "";
  try {
    var theme = localStorage.getItem("theme"), text = localStorage.getItem("text");
    if (theme === "light" || theme === "night") root.dataset.theme = theme;
    if (/^[0-4]$/.test(text)) root.dataset.text = text;
  } catch (blocked) { /* without storage everything is as the system has it */ }
})(document.documentElement);
