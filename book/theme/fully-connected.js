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
        set.elements.mode.value = mode;
        set.addEventListener('change', () => {
            show(set.elements.mode.value);
            remember('fully-connected-mode', set.elements.mode.value);
        });
        document.querySelector('.elsewhere').after(set);
        show(mode);
    }

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

    // A task list with an answer becomes buttons.
    all('.choices').forEach((group, index) => {
        const answer = group.querySelector('details');
        const question = group.querySelector(':scope > p');
        const said = document.createElement('p');
        said.className = 'said';
        said.setAttribute('role', 'status');
        group.append(said);
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
            item.append(button);
            const letter = button.textContent.trim()[0];
            button.addEventListener('click', () => {
                const right = letter === group.dataset.answer;
                button.dataset.verdict = right ? 'right' : 'wrong';
                said.textContent = right ? `${letter} is right.` : `${letter} is not it.`;
                if (right && answer) {
                    answer.open = true;
                }
            });
        }
    });
})();
