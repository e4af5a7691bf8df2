// The service worker: keeps the offline pages and the stories read last, and never anything that is marked private. It
// also knows the language that the reader chose, to which the site's own address `/` leads.
// SITE ({release, languages, files}) is written in front of this file when it is served.
const SHELL = "shell " + SITE.release;
const READ = "read";
const PICTURES = "read pictures";
const CHOSEN = "chosen";
const MOST = 20;

// Addresses have no capitals: `sr-Latn` stands at `/sr-latn/`.
const front = (language) => `/${language.toLowerCase()}/`;

self.addEventListener("install", (event) => {
  const pages = SITE.languages.map((language) => `${front(language)}offline/`);
  event.waitUntil(
    caches.open(SHELL).then((shell) => shell.addAll([...SITE.files, ...pages])).then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("shell ") && name !== SHELL;
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("message", (event) => {
  const { read, picture, language } = event.data || {};
  if (SITE.languages.includes(language)) {
    event.waitUntil(caches.open(CHOSEN).then((chosen) => chosen.put("/", new Response(language))));
  }
  if (typeof read === "string" && /^(\/[\w%-]+){3}\/$/.test(read)) {
    event.waitUntil(Promise.all([keep(READ, read), keep(PICTURES, picture)]).catch(() => undefined));
  }
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname + address.search === "/") event.respondWith(openFront(request));
  else if (request.mode === "navigate") event.respondWith(openPage(request, address.pathname));
  else if (address.pathname.startsWith("/static/")) event.respondWith(cached(SHELL, request));
  else if (address.pathname.startsWith("/pictures/")) event.respondWith(cached(PICTURES, request));
});

async function openFront(request) {
  const chosen = await caches.match("/", { cacheName: CHOSEN });
  const language = chosen && (await chosen.text());
  return SITE.languages.includes(language) ? Response.redirect(front(language), 302) : openPage(request, "/");
}

async function openPage(request, path) {
  try {
    const reply = await fetch(request);
    if (reply.status === 404 || reply.status === 410) await (await caches.open(READ)).delete(path);
    return reply;
  } catch (offline) {
    const kept = await (await caches.open(READ)).match(path);
    const language = SITE.languages.find((known) => path.startsWith(front(known))) || SITE.languages[0];
    return kept || (await caches.match(`${front(language)}offline/`)) || Response.error();
  }
}

async function cached(name, request) {
  return (await (await caches.open(name)).match(request)) || fetch(request);
}

async function keep(name, address) {
  if (!address || new URL(address, self.location).origin !== self.location.origin) return;
  const reply = await fetch(address, { credentials: "omit" });
  if (!reply.ok || reply.redirected || /no-store|private/i.test(reply.headers.get("Cache-Control") || "")) return;
  // Whole before it is put: a connection that breaks in the middle does not cost the copy that is there.
  const whole = new Response(await reply.blob(), { headers: reply.headers });
  const kept = await caches.open(name);
  await kept.put(address, whole);
  const addresses = await kept.keys();
  await Promise.all(addresses.slice(0, Math.max(0, addresses.length - MOST)).map((one) => kept.delete(one)));
}
