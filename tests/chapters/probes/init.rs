use crate::teach::probe::{Case, Probe, Probes};
use fully_connected::Layer;
use fully_connected::init::{draw_layer, layer_sizes, standard_normals};

pub const PROBES: Probes = &[("init::layer_sizes", sizes), ("init::draw_layer", draw)];

fn sizes(probe: &mut Probe) {
    fn note(case: &mut Case, sizes: &[(usize, usize)]) {
        let text: Vec<_> = sizes.iter().map(|size| format!("{size:?}")).collect();
        case.text("sizes", text.join(" "));
    }
    let plain = "input 15, hidden [20, 30], classes 10";
    probe.case("plain", plain, |case| {
        note(case, &layer_sizes(15, &[20, 30], 10))
    });
    let deep = "input 7, hidden [1, 2, 3, 4], classes 5";
    probe.case("deep", deep, |case| {
        note(case, &layer_sizes(7, &[1, 2, 3, 4], 5))
    });
    let none = "input 4, hidden [], classes 2";
    probe.case("none", none, |case| note(case, &layer_sizes(4, &[], 2)));
}

fn draw(probe: &mut Probe) {
    let plain =
        "fan-in 5, fan-out 2, weight_scale 0.09, normals 1, -2, 0.5, 3, 4, 5, 6, …";
    probe.case("plain", plain, |case| {
        let mut drawn = 0;
        let first = [1., -2., 0.5].into_iter();
        let rest = (3..100).map(f64::from);
        let mut source = first.chain(rest).inspect(|_| drawn += 1);
        let layer: Layer<f64> = draw_layer((5, 2), 0.09, &mut source);
        let equal = |first: &f64| layer.w.iter().all(|w| w == first);
        case.text(
            "weights",
            match layer.w.first() {
                None => "none",
                Some(first) if equal(first) => "all equal",
                Some(_) => "not all equal",
            },
        );
        case.array("w", &layer.w);
        case.array("b", &layer.b);
        case.count("draws", drawn);
    });
    let twice = "two layers of fan-in 6, fan-out 6, weight_scale 1, normals of a seed";
    probe.case("twice", twice, |case| {
        let mut source = standard_normals(51);
        let first: Layer<f64> = draw_layer((6, 6), 1.0, &mut source);
        let second: Layer<f64> = draw_layer((6, 6), 1.0, &mut source);
        let same = first.w == second.w;
        case.text("weights", if same { "the same twice" } else { "others" });
    });
    // 4,000 draws: the fourth moment of normal ones is 3 ± 0.08.
    let many = "fan-in 80, fan-out 50, weight_scale 0.01, normals of a seed";
    probe.case("many", many, |case| {
        let mut source = standard_normals(52);
        let w = draw_layer::<f64>((80, 50), 0.01, &mut source).w;
        let (mean, std) = (w.mean().unwrap_or(0.0), w.std(0.0));
        let fourth = w.mapv(|w| ((w - mean) / std).powi(4)).mean().unwrap_or(0.0);
        let shape = match fourth {
            1.6..2.0 => "uniform: a fourth moment of 1.8, not 3",
            2.5..3.5 => "normal",
            _ => "neither uniform nor normal",
        };
        case.text("distribution", shape);
    });
}
