// What a page cannot do by itself: one light and one dark theme, a switch between reading
// and writing, choices to click on, and arrow keys that scroll where there is something to
// scroll. Without it everything reads.

(() => {
  'use strict';

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Some browsers remember nothing, and say so by an exception.
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
    } catch {
      // The page has it until it is left.
    }
  };

  // mdBook has five themes. Ours are two of them, and the others look like these. The
  // name that stays is the one that the reader has chosen, here or in another book.
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

  // Those who read see the code; those who write it themselves need not see it before.
  const lines = all('.lines');
  if (lines.length) {
    const show = mode => {
      document.documentElement.classList.toggle('write', mode === 'write');
      for (const fold of lines) {
        fold.open = mode === 'read';
      }
    };
    const mode = remembered('fully-connected-mode') === 'write' ? 'write' : 'read';
    const set = document.createElement('fieldset');
    set.className = 'mode';
    set.innerHTML = '<legend>I want to</legend>'
      + '<label><input type="radio" name="mode" value="read">read the code</label>'
      + '<label><input type="radio" name="mode" value="write">write it myself</label>';
    set.querySelector(`[value=${mode}]`).checked = true;
    set.addEventListener('change', event => {
      show(event.target.value);
      remember('fully-connected-mode', event.target.value);
    });
    document.querySelector('.elsewhere').after(set);
    show(mode);
  }

  // On paper, what is folded is open: answers, and the code for those who read.
  const folds = all('.content details:not(.file, .lines)');
  addEventListener('beforeprint', () => {
    for (const fold of folds) {
      fold.dataset.was = fold.open;
      fold.open = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const fold of folds) {
      fold.open = fold.dataset.was === 'true';
    }
  });

  // A link into a fold opens it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
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

  // A task list with an answer becomes buttons. What the answer's item for a wrong choice
  // says is said below it.
  all('.choices').forEach((group, index) => {
    const answer = group.querySelector('details');
    const question = group.querySelector(':scope > p');
    group.setAttribute('role', 'group');
    if (question) {
      question.id ||= `question-${index + 1}`;
      group.setAttribute('aria-labelledby', question.id);
    }
    for (const item of all(':scope > ul > li', group)) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'choice';
      item.querySelector('input')?.remove();
      button.append(...item.childNodes);
      const said = document.createElement('p');
      said.className = 'said';
      said.setAttribute('role', 'status');
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

  // The wall of images on the first page is played once, unless the reader wants no motion.
  const wall = document.getElementById('wall-frames');
  if (wall) {
    const frames = wall.dataset.played.split(',').map(frame => frame.split(' '));
    const last = frames.length - 1;
    const part = (name, id = '') => document.getElementById(`wall-${name}${id}`);
    const player = document.createElement('div');
    player.className = 'player';
    player.innerHTML = '<button type="button"></button>'
      + `<input type="range" max="${last}" aria-label="step"><output></output>`;
    const [button, slider, output] = player.children;
    let timer = 0;
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
      timer = 0;
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
    slider.value = last;
    show(last);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      stop();
    } else {
      play();
    }
  }

  // The way on, by name. The names are the sidebar's.
  for (const way of all('.mobile-nav-chapters')) {
    const entry = all('#mdbook-sidebar a').find(link => link.href === way.href);
    const name = entry?.textContent.trim();
    if (name) {
      const label = document.createElement('span');
      label.textContent = name;
      way.append(label);
      way.ariaLabel = `${way.rel === 'prev' ? 'Previous' : 'Next'}: ${name}`;
      way.title = '';
    }
  }
})();
