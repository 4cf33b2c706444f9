// What a page cannot do by itself: one light and one dark theme, choices to click on, and
// arrow keys that scroll where there is something to scroll. Without it everything reads.

(() => {
    'use strict';

    const all = (selector, within = document) => [...within.querySelectorAll(selector)];

    // mdBook has five themes. Ours are two of them, and the others look like these. The
    // name that stays is the one that the reader has chosen, here or in another book.
    let chosen = null;
    try {
        chosen = localStorage.getItem('mdbook-theme');
    } catch {
        // A browser that remembers nothing.
    }
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

    // Arrow keys turn the page, except where they have something to scroll.
    const scrollers = '.display, pre > code, .table-wrapper, .drawing';
    document.addEventListener('keydown', event => {
        const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
        const scroller = isSideways && event.target.closest?.(scrollers);
        if (scroller && scroller.scrollWidth > scroller.clientWidth) {
            event.stopPropagation();
        }
    }, true);
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
