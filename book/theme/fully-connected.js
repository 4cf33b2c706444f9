// What a page cannot do by itself. Without it everything reads.

(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // Some browsers refuse to remember.
  const remembered = name => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const remember = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {}
  };

  // Of mdBook's five themes two are ours. The name that stays is the reader's choice.
  const chosen = remembered('mdbook-theme');
  const themes = [['Light', 'light', 'rust'], ['Dark', 'navy', 'coal', 'ayu']];
  for (const [label, ...names] of themes) {
    const kept = names.includes(chosen) ? chosen : names[0];
    for (const name of names) {
      const button = document.getElementById(`mdbook-theme-${name}`);
      if (name === kept) {
        button?.replaceChildren(label);
      } else {
        button?.closest('li').remove();
      }
    }
  }

  // Those who read see the code; those who write need not see it before.
  const lines = all('.lines');
  if (lines.length) {
    const show = mode => {
      document.documentElement.classList.toggle('write', mode === 'write');
      for (const fold of lines) {
        fold.open = mode === 'read';
      }
    };
    const mode = remembered('fully-connected-mode') === 'write' ? 'write' : 'read';
    const choice = (value, label) =>
      `<label><input type="radio" name="mode" value="${value}">${label}</label>`;
    const set = make('fieldset', {
      className: 'mode',
      innerHTML: '<legend>I want to</legend>' + choice('read', 'read the code')
        + choice('write', 'write it myself')
    });
    set.querySelector(`[value=${mode}]`).checked = true;
    set.addEventListener('change', event => {
      show(event.target.value);
      remember('fully-connected-mode', event.target.value);
    });
    document.querySelector('.elsewhere').after(set);
    show(mode);
  }

  // On paper answers are open.
  let folds = [];
  const open = state => folds.forEach(fold => fold.open = state);
  addEventListener('beforeprint', () => {
    folds = all('main details:not(.file, .lines, [open])');
    open(true);
  });
  addEventListener('afterprint', () => open(false));

  // A link into a fold opens it.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    let closed = false;
    let fold = target?.parentElement.closest('details');
    for (; fold; fold = fold.parentElement.closest('details')) {
      closed ||= !fold.open;
      fold.open = true;
    }
    if (closed) {
      target.scrollIntoView();
    }
  };
  addEventListener('hashchange', reveal);
  reveal();

  // Arrow keys turn the page, except where they have something to move.
  const scrollers = '.display, pre > code, .table-wrapper, .drawing';
  document.documentElement.addEventListener('keydown', event => {
    const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    const scroller = event.target.closest?.(scrollers);
    const moves = scroller && scroller.scrollWidth > scroller.clientWidth
      || event.target.closest?.('input, select, [role="slider"], [role="grid"]');
    if (isSideways && moves) {
      event.stopPropagation();
    }
  });
  for (const scroller of all(scrollers)) {
    if (scroller.scrollWidth > scroller.clientWidth && !scroller.hasAttribute('tabindex')) {
      scroller.tabIndex = 0;
    }
  }

  // A task list with an answer becomes buttons. A choice is told why by the answer's item.
  all('.choices').forEach((group, index) => {
    const answer = group.querySelector('details');
    const question = group.querySelector(':scope > p');
    group.setAttribute('role', 'group');
    if (question) {
      question.id ||= `question-${index + 1}`;
      group.setAttribute('aria-labelledby', question.id);
    }
    for (const item of all(':scope > ul > li', group)) {
      const button = make('button', { type: 'button', className: 'choice' });
      item.querySelector('input')?.remove();
      button.append(...item.childNodes);
      const said = make('p', { className: 'said', role: 'status' });
      item.append(button, said);
      const letter = button.textContent.trim()[0];
      const why = all('li', answer).find(told =>
        told.querySelector('strong')?.textContent.replace('.', '') === letter);
      button.addEventListener('click', () => {
        const right = letter === group.dataset.answer;
        button.dataset.verdict = right ? 'right' : 'wrong';
        said.replaceChildren(right ? `✓ ${letter} is right.` : `✗ ${letter} is not it.`);
        if (why) {
          const words = why.cloneNode(true);
          words.querySelector('strong').remove();
          said.append(` ${letter}`, ...words.childNodes);
        }
        if (right && answer) {
          answer.open = true;
        }
      });
    }
  });

  // The wall of images is played once, unless the reader wants no motion.
  const wall = document.getElementById('wall-frames');
  if (wall) {
    const frames = wall.dataset.played.split(',').map(line => line.split(' '));
    const last = frames.length - 1;
    const part = (name, id = '') => document.getElementById(`wall-${name}${id}`);
    const player = make('div', {
      className: 'player',
      innerHTML: '<button type="button"></button>'
        + `<input type="range" max="${last}" aria-label="step"><output></output>`
    });
    const [button, slider, output] = player.children;
    let timer;
    const show = step => {
      const [loss, right, ...heights] = frames[step];
      [...wall.children].forEach((frame, i) => {
        const good = right[i] === '1';
        frame.setAttribute('stroke', `var(--fig-${good ? 3 : 4})`);
        frame.setAttribute('fill-opacity', good ? 0 : 0.6);
        frame.setAttribute('stroke-dasharray', good ? 'none' : '4 3');
      });
      const count = right.split('1').length - 1;
      const said = [`loss ${loss}`, `${count} of ${right.length} right`];
      ['loss', 'right'].forEach((name, i) => {
        const clip = part(name).firstElementChild;
        clip.dataset.all ??= clip.getAttribute('width');
        const width = clip.dataset.all * step / last;
        clip.setAttribute('width', width);
        part(name, '-dot').setAttribute('cx', +clip.getAttribute('x') + width);
        part(name, '-dot').setAttribute('cy', heights[i]);
        part(name, '-said').textContent = said[i];
      });
      output.textContent = `step ${step} of ${last}`;
      slider.value = step;
      slider.ariaValueText = `${output.textContent}: ${said.join(', ')}`;
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      button.textContent = 'Play';
    };
    const play = () => {
      let step = +slider.value % last;
      button.textContent = 'Pause';
      timer = setInterval(() => {
        show(step += 1);
        if (step === last) {
          stop();
        }
      }, 180);
      show(step);
    };
    button.addEventListener('click', () => timer ? stop() : play());
    slider.addEventListener('input', () => {
      stop();
      show(+slider.value);
    });
    wall.closest('.drawing').after(player);
    addEventListener('beforeprint', () => {
      stop();
      show(last);
    });
    stop();
    show(last);
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
      play();
    }
  }

  // The way on, by name. The names are the sidebar's.
  for (const way of all('.mobile-nav-chapters')) {
    const entry = all('#mdbook-sidebar a').find(link => link.href === way.href);
    const name = entry?.textContent.trim();
    if (name) {
      way.append(make('span', { textContent: name }));
      way.ariaLabel = `${way.rel === 'prev' ? 'Previous' : 'Next'}: ${name}`;
    }
  }
})();
