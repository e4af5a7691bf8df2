// Puts each piece of the source beside its field or block. Wagtail marks both with data-contentpath: a field's name, a
// block's id. Blocks are made by Wagtail's own script after the page has loaded, moved and deleted later: a source that
// stands inside its block goes with it, and comes back to the list below when its block is gone.
(() => {
  const list = document.getElementById('beside-sources');
  const form = document.getElementById('page-edit-form');
  const acts = document.getElementById('beside-acts');
  const bar = document.getElementById('beside-bar');
  if (!list || !form || !bar) return;
  const sources = [...list.querySelectorAll('.beside-source')];
  const isToDo = (one) => one.matches('.beside-source--changed, .beside-source--initial, .beside-source--machine');

  const placeOf = (source) => {
    const { path } = source.dataset;
    if (!path) return null;
    const found = form.querySelector(`[data-contentpath="${CSS.escape(path)}"]`);
    if (!found) return null;
    // A field's wrapper holds its errors and help, too; a block's content is a section below its bar of buttons.
    return found.querySelector(':scope > .w-panel__content') || found;
  };

  const place = () => {
    for (const source of sources) {
      if (source.isConnected && source.parentElement !== list) continue;
      const target = placeOf(source);
      if (target && !target.querySelector(':scope > .beside-source')) {
        target.classList.add('beside');
        target.querySelectorAll('input[type=text], textarea, [contenteditable]').forEach((field) => {
          Object.assign(field, { dir: list.dataset.direction, lang: list.dataset.language });
        });
        target.append(source);
      } else if (!source.isConnected) {
        list.append(source);
      }
    }
    list.hidden = !list.querySelector('.beside-source');
  };

  const copyable = (source) => {
    const field = form.elements[source.dataset.key];
    if (!source.dataset.plain || !field || !('value' in field)) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button-small button-secondary';
    button.textContent = list.dataset.copy;
    button.addEventListener('click', () => {
      field.value = source.dataset.plain;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
      field.focus();
    });
    source.querySelector('.beside-acts').append(button);
  };

  const settle = async (button) => {
    const source = button.closest('.beside-source');
    const data = new FormData(acts);
    data.append('piece', button.value);
    button.disabled = true;
    const reply = await fetch(button.getAttribute('formaction') || acts.action, {
      method: 'POST', body: data, headers: { Accept: 'application/json' },
    }).catch(() => null);
    if (!reply || !reply.ok) {
      button.disabled = false;
      return;
    }
    source.classList.remove('beside-source--changed', 'beside-source--initial', 'beside-source--machine');
    source.querySelector('.beside-mark').textContent = '✓';
    source.focus();
    button.remove();
  };

  const next = () => {
    const open = [...document.querySelectorAll('.beside-source')].filter(isToDo);
    if (!open.length) return;
    const here = document.activeElement;
    const after = open.find((one) => here && (here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)
      && !one.parentElement.contains(here));
    const source = after || open[0];
    source.scrollIntoView({ block: 'center' });
    const field = source.parentElement.querySelector('input:not([type=hidden]), textarea:not([hidden]), [contenteditable=true]');
    (field && field.offsetParent ? field : source).focus({ preventScroll: true });
  };

  bar.querySelector('[data-beside=next]').hidden = !sources.some(isToDo);
  bar.querySelector('[data-beside=next]').addEventListener('click', next);
  const toggle = bar.querySelector('[data-beside=toggle]');
  toggle.hidden = false;
  toggle.addEventListener('click', () => {
    const shown = document.body.classList.toggle('beside-off');
    toggle.setAttribute('aria-pressed', String(!shown));
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-beside-act]');
    if (!button) return;
    event.preventDefault();
    settle(button);
  });

  sources.forEach(copyable);
  place();
  let due = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(place);
  }).observe(form, { childList: true, subtree: true });
  const wanted = location.hash.startsWith('#beside-') && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted) setTimeout(() => { wanted.scrollIntoView({ block: 'center' }); wanted.focus({ preventScroll: true }); }, 400);
})();
