// What a page can do beyond being read: theme, text size, sharing, copying, printing, players, reading offline.
// Every page is complete without this file; controls that need it are hidden until early.js has run. It waits until the
// page has been laid out, does what takes longer in tasks of their own, and looks for a control only when somebody clicks.
(function (start) {
  var later = function () { setTimeout(start); };
  // A page that nobody sees gets no frame.
  var drawn = function () { if (document.hidden) later(); else requestAnimationFrame(later); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", drawn); else drawn();
})(function () {
  "use strict";
  var root = document.documentElement;
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
  var one = function (selector) { return document.querySelector(selector); };

  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch (blocked) { /* it holds until the page is left */ }
  }

  function recall(key) {
    try { return localStorage.getItem(key); } catch (blocked) { return null; }
  }

  // The page's language with the edition's digits.
  var locale = root.lang + "-u-nu-" + root.dataset.digits;

  // How long ago, for what is younger than a day. The page holds the whole time, so that a stored copy stays right; its
  // place keeps its size, so that nothing moves. What is not laid out yet moves nothing, and is not measured.
  function minutesSince(time) { return Math.floor((Date.now() - Date.parse(time.dateTime)) / 6e4); }
  function isYoung(minutes) { return minutes >= 0 && minutes < 1440; }
  function beginAges() {
    if (!all("time[data-ago]").some(function (time) { return isYoung(minutesSince(time)); })) return;
    // A browser that does not know the language would say it in another one, and one that only has heard of it in signs.
    // Both questions make it read its tables for the language, which takes as long as everything else here.
    var words = new Intl.RelativeTimeFormat(locale);
    if (words.resolvedOptions().locale.toLowerCase().indexOf(root.lang.toLowerCase())) return;
    setTimeout(function () {
      if (words.format(-2, "hour")[0] === "-") return;
      var show = function () { showAges(words); };
      setTimeout(show);
      setInterval(show, 6e4);
    });
  }
  function showAges(words) {
    all("time[data-ago]").map(function (time) {
      var minutes = minutesSince(time);
      var isLaidOut = isYoung(minutes) && !time.title && (!time.checkVisibility || time.checkVisibility({ contentVisibilityAuto: true }));
      return [time, minutes, isLaidOut && time.getClientRects()];
    }).forEach(function (place) {
      var time = place[0], minutes = place[1], lines = place[2], box = lines && lines[0];
      // What takes two lines could only keep its place as a block, which moves what stands in the second one.
      if (lines.length > 1) return;
      if (!isYoung(minutes)) {
        if (time.title) time.textContent = time.title;
        return;
      }
      if (!time.title) time.title = time.textContent;
      if (box) {
        // In a story's head it stands in a line that is as wide as its words; in lists it must not make a column wider.
        var width = time.closest(".times") ? box.width + "px;max-inline-size:100%" : "min(" + box.width + "px,100%)";
        time.style.cssText = "display:inline-block;inline-size:" + width + ";min-block-size:" + box.height + "px";
      }
      time.textContent = minutes < 60 ? words.format(-Math.max(1, minutes), "minute") : words.format(-Math.floor(minutes / 60), "hour");
    });
  }

  var acts = [];
  function on(selector, act) { acts.push([selector, act]); }
  document.addEventListener("click", function (event) {
    acts.forEach(function (pair) {
      var control = event.target.closest(pair[0]);
      if (control) pair[1](control, event);
    });
  });

  // Theme: light, night, or as the system has it.
  function showTheme() {
    var theme = root.dataset.theme || "system";
    all("[data-theme-choice]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
    });
    all("meta[name=theme-color]").forEach(function (meta) {
      meta.content = theme === "system" ? meta.dataset.colour : one("meta[data-theme-of=" + theme + "]").dataset.colour;
    });
  }
  on("[data-theme-choice]", function (button) {
    var theme = button.dataset.themeChoice;
    if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme;
    remember("theme", theme);
    showTheme();
  });

  // Text size: five steps; base.css has the same sizes.
  var sizes = [0.87, 1, 1.2, 1.45, 1.75];
  function textStep() { return root.dataset.text === undefined ? 1 : Number(root.dataset.text); }
  function showText(spoken) {
    var step = textStep();
    all("[data-text-step]").forEach(function (button) {
      button.setAttribute("aria-disabled", String(!sizes[step + Number(button.dataset.textStep)]));
    });
    if (!spoken) return;
    var percent = new Intl.NumberFormat(locale, { style: "percent" }).format(sizes[step]);
    all("[data-text-state]").forEach(function (state) {
      state.textContent = state.dataset.textState.replace("{size}", percent);
    });
  }
  on("[data-text-step]", function (button) {
    var step = textStep() + Number(button.dataset.textStep);
    if (sizes[step]) {
      root.dataset.text = String(step);
      remember("text", step);
      keepInReach(button);
    }
    showText(true);
  });
  // Larger text may move to the narrower arrangement, where the buttons stand in the menu: it opens under the hand.
  function keepInReach(button) {
    var menu = one("#menu");
    if (!menu.showPopover) return;
    var isNarrow = getComputedStyle(one(".menu-button")).display !== "none";
    if (isNarrow !== menu.matches(":popover-open")) {
      if (isNarrow) menu.showPopover(); else menu.hidePopover();
    }
    button.focus();
  }

  // A reader whose browser asks for another language is offered it, and never sent there. What is chosen, and which
  // offer was put away, stays in the browser; the worker knows where `/` leads to from now on.
  function fits(wish, language) {
    wish = wish.toLowerCase() + "-";
    language = language.toLowerCase() + "-";
    return !wish.indexOf(language) || !language.indexOf(wish);
  }
  function tell(language) {
    var worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (language && worker) worker.postMessage({ language: language });
  }
  function offerLanguage() {
    var chosen = recall("language"), links = all(".languages a"), wished;
    [chosen].concat(navigator.languages).some(function (wish) {
      if (!wish) return;
      var exact = links.filter(function (link) { return link.lang.toLowerCase() === wish.toLowerCase(); });
      wished = exact[0] || (fits(wish, root.lang) ? 0 : links.filter(function (link) { return fits(wish, link.lang); })[0]);
      return wished || fits(wish, root.lang);
    });
    tell(chosen);
    if (!wished || wished.lang === root.lang || recall("declined") === wished.lang) return;
    var offer = document.createElement("aside"), words = document.createElement("p"), link = wished.cloneNode(true);
    var close = document.createElement("button");
    offer.className = "offer";
    offer.lang = wished.lang;
    offer.dir = wished.dir;
    offer.setAttribute("aria-label", wished.textContent);
    words.append(link.dataset.words + " ", link);
    link.removeAttribute("class");
    link.removeAttribute("title");
    close.type = "button";
    close.dataset.decline = wished.lang;
    close.setAttribute("aria-label", link.dataset.dismiss);
    close.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-close"/></svg>';
    offer.append(words, close);
    document.body.append(offer);
    root.dataset.offer = "";
  }
  on("[data-decline]", function (button) {
    remember("declined", button.dataset.decline);
    button.parentElement.remove();
    delete root.dataset.offer;
  });
  on(".languages a, .versions a, .offer a", function (link) {
    remember("language", link.lang);
    tell(link.lang);
  });
  if (navigator.languages && one(".languages")) setTimeout(offerLanguage);

  // Share, copy, print.
  if (navigator.share) all("[data-share]").forEach(function (button) {
    button.hidden = false;
    one("[data-share-links]").hidden = true;
  });
  on("[data-share]", function (button) {
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(function () { /* thought better of it */ });
  });
  on("[data-copy]", function (button) {
    var state = one("[data-copy-state]");
    var say = function (text) {
      state.textContent = "";
      setTimeout(function () { state.textContent = text; }, 50);
    };
    copy(button.dataset.copy).then(
      function () { say(state.dataset.done); },
      function () { say(button.dataset.copy); }
    );
  });
  function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    return new Promise(function (resolve, reject) {
      var field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      var done = document.execCommand("copy");
      field.remove();
      if (done) resolve(); else reject(new Error("refused"));
    });
  }
  on("[data-print]", function (link, event) {
    event.preventDefault();
    window.print();
  });

  // Videos and posts of other sites: nothing is asked of them until the reader clicks.
  on(".embed[data-player] a.play", function (link, event) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    var player = document.createElement("iframe");
    player.src = link.closest("[data-player]").dataset.player;
    player.title = link.textContent.trim();
    player.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    player.allowFullscreen = true;
    player.referrerPolicy = "strict-origin-when-cross-origin";
    link.parentElement.replaceWith(player);
    player.focus();
  });

  // Reading offline: the worker keeps the stories read last.
  var story = one("[data-offline-copy]");
  if ("serviceWorker" in navigator && window.isSecureContext) setTimeout(function () {
    navigator.serviceWorker.register("/sw.js").then(function () { return navigator.serviceWorker.ready; }).then(function (ready) {
      if (!story || !ready.active) return;
      var picture = story.querySelector("img");
      ready.active.postMessage({ read: location.pathname, picture: picture ? picture.currentSrc : "" });
    }).catch(function () { /* no storage, private window */ });
  });
  var list = one("[data-offline-list]");
  if (list && window.caches) {
    caches.open("read").then(function (kept) {
      return kept.keys().then(function (requests) {
        requests.reverse().forEach(function (request) {
          if (navigator.onLine) {
            fetch(request.url, { method: "HEAD" }).then(function (reply) {
              if (reply.status === 404 || reply.status === 410) kept.delete(request); else offer(kept, request);
            }, function () { offer(kept, request); });
          } else offer(kept, request);
        });
      });
    });
  }
  function offer(kept, request) {
    kept.match(request).then(function (reply) { return reply && reply.text(); }).then(function (html) {
      if (!html) return;
      var page = new DOMParser().parseFromString(html, "text/html"), heading = page.querySelector("h1");
      if (!heading) return;
      var link = document.createElement("a"), row = document.createElement("li");
      link.href = new URL(request.url).pathname;
      link.textContent = heading.textContent.trim();
      link.lang = page.documentElement.lang;
      link.dir = page.documentElement.dir;
      row.append(link);
      list.append(row);
      list.closest("section").hidden = false;
    });
  }

  if (window.Intl && Intl.RelativeTimeFormat) setTimeout(beginAges);
  if (root.dataset.theme) showTheme();
  if (root.dataset.text) showText(false);
});
