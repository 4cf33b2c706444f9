// Figures to touch: blocks that stand hidden below their still pictures. The crate makes the
// drawings and all numbers without a formula here; tests/touch.rs compares the others.

(() => {
    'use strict';

    // A number as the book writes it.
    const shown = (x, digits = 4) => {
        const size = Math.abs(x);
        const text = size && (size < 1e-3 || size >= 1e5) && size < Infinity
            ? x.toExponential(digits - 1).replace('+', '')
            : String(Number(x.toPrecision(digits))).replace('Infinity', '∞');
        return text.replace(/^-/, '−');
    };
    const list = (numbers, digits) => numbers.map(x => shown(x, digits)).join(', ');
    const line = points => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('');
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
    const level = letter => letters.indexOf(letter);

    // Each kind of block gives what draws it, which is told the button that was pressed.
    const softmax = ({ input, value, show, is, put, set }) => pressed => {
        const names = ['s0', 's1', 's2'];
        const change = {
            add: s => s + 100,
            twice: s => 2 * s,
            reset: (s, i) => Number(input(names[i]).defaultValue),
        };
        let scores = names.map(value);
        if (change[pressed]) {
            scores = scores.map(change[pressed]);
            names.forEach((name, i) => {
                input(name).min = Math.floor(Math.min(...scores)) - 4;
                input(name).max = Math.ceil(Math.max(...scores)) + 6;
                input(name).value = scores[i];
            });
        }
        const round = is('single') ? Math.fround : x => x;
        const s = scores.map(round);
        const shift = is('naive') ? 0 : Math.max(...s);
        const exps = s.map(s => round(Math.exp(round(s - shift))));
        const sum = exps.reduce((sum, e) => round(sum + e));
        const p = exps.map(e => round(e / sum));
        // Class 1 is right.
        const d = p.map((p, i) => i === 1 ? round(p - 1) : p);
        const loss = round(is('naive') ? -Math.log(p[1])
            : round(Math.log(sum)) - round(s[1] - shift));
        put('exp', is('naive') ? 'exp(s)' : 'exp(s − max)');
        names.forEach((name, i) => {
            show(name, shown(scores[i]));
            put(`e${i}`, shown(exps[i], 3));
            put(`p${i}`, shown(p[i]));
            put(`d${i}`, shown(d[i], 3));
            set(`b${i}`, 'width', 170 * (p[i] || 0));
        });
        put('loss', shown(loss));
        put('says', p.some(isNaN)
            ? `exp(${shown(Math.max(...s))}) is infinite, and ∞/∞ is NaN, not a number.`
            : `Probabilities ${list(p)}. Loss ${shown(loss)}. Gradient ${list(d, 3)}.`);
    };

    const histograms = ({ data, value, show, put, set, part }) => () => {
        const depth = value('depth');
        const sigma = data.scales[value('scale')];
        const stds = data.stds[depth - 2].map((std, l) => std * sigma ** (l + 1));
        const most = Math.max(...stds);
        for (let l = 0; l < 10; l++) {
            set(`l${l}`, 'visibility', l < depth ? 'visible' : 'hidden');
        }
        stds.forEach((std, l) => {
            const x = edge => (236 + 160 * (edge / 15 - 1) * std / most).toFixed(1);
            const points = [...data.shapes[depth - 2][l]].flatMap((letter, bin) => {
                const y = (-level(letter) / 2.1).toFixed(1);
                return [[x(bin), y], [x(bin + 1), y]];
            });
            const [, path, name, size] = part(`l${l}`).children;
            path.setAttribute('d', line([[x(0), 0], ...points, [x(30), 0]]));
            name.textContent = l + 1 < depth ? `layer ${l + 1}` : 'scores';
            size.textContent = shown(std, 2);
        });
        put('least', shown(-3 * most, 2));
        put('most', shown(3 * most, 2));
        set('axis', 'transform', `translate(0 ${38 * depth})`);
        set('fig', 'viewBox', `0 0 480 ${66 + 38 * depth}`);
        const gain = shown(sigma * Math.sqrt(50), 2);
        put('gain', `gain σ√50 = ${gain}`);
        show('scale', shown(sigma, 3));
        show('depth', depth);
        put('says', `First loss ${shown(data.losses[depth - 2][value('scale')], 3)}. Each layer `
            + `multiplies by about ${gain}; standard deviations ${list(stds, 3)}.`);
    };

    const walk = ({ data, input, value, show, is, put, set, part }) => pressed => {
        input('step').value = value('step') + ({ back: -1, next: 1 }[pressed] ?? 0);
        const step = value('step');
        const right = data.walks[0][step];
        const frame = data.walks[is('wrong') + 2 * is('unmasked')][step];
        data.names.forEach((name, i) => {
            if (typeof frame[i] === 'boolean') {
                set(name, 'visibility', frame[i] ? 'visible' : 'hidden');
            } else {
                put(name, frame[i]);
                part(name).style.fill = frame[i] === right[i] ? '' : 'var(--fig-4)';
            }
        });
        show('step', `${step} of 6`);
    };

    const step = ({ data, value, show, put, set }) => () => {
        const [h, secant, ...rest] = data[value('h')];
        show('h', h);
        set('secant', 'd', secant);
        ['below', 'above', 'here'].forEach((name, i) => set(name, 'transform', rest[i]));
        ['minus0', 'plus0', 'minus1', 'plus1', 'says'].forEach((name, i) =>
            put(name, rest[i + 3]));
    };

    const map = ({ data, chosen, value, show, put, set }) => () => {
        const { rates, scales, steps, losses: [bottom, top] } = data;
        const [layers, i, j] = [chosen(), value('x'), value('y')];
        const cell = ((layers === 5) * scales.length + j) * rates.length + i;
        const code = data.cells.slice(112 * cell, 112 * (cell + 1));
        // Ten runs of eleven letters; a point says that a run had stopped.
        const runs = code.slice(2).match(/.{11}/g).map(run => run.split('.')[0]);
        const [x, y] = [data.x[0] + i * data.x[1], data.y[0] + (20 - j) * data.y[1]];
        set('here', 'transform', `translate(${x} ${y})`);
        set('runs', 'd', runs.map(run => line([...run].map((letter, k) =>
            [steps[k], (bottom + (top - bottom) * level(letter) / 63).toFixed(1)]
        ))).join(''));
        const median = k => {
            const all = runs.filter(run => run[k]).map(run => level(run[k]));
            return shown(10 ** (all.sort((a, b) => a - b)[all.length >> 1] / 6.3 - 5), 2);
        };
        const [learned, diverged] = [...code].map(digit => parseInt(digit, 16));
        show('x', shown(rates[i]));
        show('y', shown(scales[j]));
        put('says', `${layers} layers, weight scale ${shown(scales[j])}, rate ${shown(rates[i])}: `
            + `of ten networks ${learned} learn all fifty images, ${diverged} diverge. `
            + `The middle loss is ${median(0)} at first`
            + (diverged > 5 ? '.' : `, ${median(10)} at step 40.`));
    };

    function surface({ data, chosen, input, value, show, put, set }) {
        let timer;
        const place = ([from, to], x) => (from + (to - from) * (x + 0.5) / 2.5).toFixed(1);
        const at = ([a, c]) => [place(data.x, a), place(data.y, c)];
        const softplus = z => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
        const draw = quiet => {
            const layers = chosen();
            const rate = 10 ** value('rate');
            let [a, c] = [value('x'), value('y')];
            const h = () => a > 0 ? a ** (layers - 1) : 0;
            const places = [[a, c]];
            while (places.length <= value('steps')) {
                // The scores are −ch and ch, and three of four labels are class 1.
                const g = 1 / (1 + Math.exp(-2 * c * h())) - 3 / 4;
                const da = a > 0 ? 2 * c * g * a ** (layers - 2) : 0;
                [a, c] = [a - rate * da, c - rate * h() * g];
                places.push([a, c]);
            }
            const z = 2 * c * h();
            const loss = (3 * softplus(-z) + softplus(z)) / 4;
            set('walk', 'd', line(places.map(at)));
            set('dots', 'd', places.map(p => `${line([at(p)])}h0`).join(''));
            set('start', 'transform', `translate(${at(places[0])})`);
            ['x', 'y', 'steps'].forEach(name => show(name, shown(value(name))));
            show('rate', shown(rate, 2));
            if (!quiet) {
                put('says', `After ${value('steps')} steps a = ${shown(a)}, c = ${shown(c)}, loss `
                    + `${shown(loss)}.${a > 0 ? '' : ' The units are off: nothing moves.'}`);
            }
        };
        const watch = step => {
            input('steps').value = step;
            draw(step < 40);
            timer = step < 40 && setTimeout(watch, 70, step + 1);
        };
        return pressed => {
            clearTimeout(timer);
            const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
            pressed ? watch(still ? 40 : 0) : draw();
        };
    }

    const kinds = { softmax, histograms, walk, step, map, surface };

    for (const box of document.querySelectorAll('.touch')) {
        const part = name => box.querySelector(`.${name}`);
        const input = name => box.querySelector(`[name="${name}"]`);
        const draw = kinds[box.dataset.touch]({
            part,
            input,
            data: JSON.parse(box.querySelector('script')?.textContent ?? '0'),
            value: name => Number(input(name).value),
            is: name => input(name).checked,
            // The number of layers, whose map the stylesheet shows.
            chosen: () => Number(box.dataset.layers = box.querySelector(':checked').value),
            put: (name, words) => { part(name).textContent = words; },
            set: (name, attribute, value) => part(name).setAttribute(attribute, value),
            show: (name, words) => {
                input(name).setAttribute('aria-valuetext', words);
                input(name).nextElementSibling.value = words;
            },
        });
        box.addEventListener('input', () => draw());
        box.addEventListener('click', ({ target }) => {
            if (target.type === 'button') {
                draw(target.name);
            }
        });
        // Arrow keys turn the book's pages; here they move sliders.
        box.addEventListener('keydown', event => event.stopPropagation());

        // A drawing to point at moves two sliders; over cells pointing is enough.
        const pad = part('pad');
        const point = event => {
            const { left, bottom, width, height } = pad.getBoundingClientRect();
            const move = ({ min, max, step }, share) => step === '1'
                ? Math.floor(share * (Number(max) + 1))
                : Number(min) + share * (max - min);
            input('x').value = move(input('x'), (event.clientX - left) / width);
            input('y').value = move(input('y'), (bottom - event.clientY) / height);
            draw();
        };
        pad?.addEventListener('pointerdown', point);
        pad?.addEventListener('pointermove', event => {
            if (event.buttons || input('x').step === '1') {
                point(event);
            }
        });

        draw();
        box.hidden = false;
        box.closest('figure').classList.add('live');
    }
})();
