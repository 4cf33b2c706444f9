//! Mutants: what a machine makes of a region by one small edit. It turns operators round,
//! moves numbers by one, swaps arguments and statements, leaves calls and statements out or
//! has them twice, moves them into loops and out, takes one name for another, clips results
//! and makes them a little wrong. Many do not compile; those that do and pass every test show
//! what the tests do not look at, or change no meaning.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Lit, Pat, Stmt, UnOp};

/// A region with one edit in it.
pub struct Mutant {
    /// The exercise.
    pub exercise: &'static str,
    /// Which of its regions, counted from 0.
    pub region: usize,
    /// The lines that the edit changes, as they were.
    pub old: String,
    /// The same lines, as they are.
    pub new: String,
    /// The whole region.
    pub body: String,
}

/// Every mutant of a region.
pub fn mutants(exercise: &'static str, region: usize, body: &str) -> Vec<Mutant> {
    let block = format!("{{{body}}}");
    let parsed: syn::Block = syn::parse_str(&block).expect("a region is a block");
    let mut names = Names::default();
    names.visit_block(&parsed);
    let mut edits = Edits {
        text: &block,
        names: names.names,
        made: Vec::new(),
    };
    edits.visit_block(&parsed);

    let mut seen = HashSet::from([squeezed(&block)]);
    let mut mutants = Vec::new();
    for (range, new) in edits.made {
        let whole = format!("{}{new}{}", &block[..range.start], &block[range.end..]);
        if !seen.insert(squeezed(&whole)) {
            continue;
        }
        let body = whole[1..whole.len() - 1].to_owned();
        let (old, new) = changed(&block[1..block.len() - 1], &body);
        mutants.push(Mutant {
            exercise,
            region,
            old,
            new,
            body,
        });
    }
    mutants
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The lines that differ, each side's in one line.
fn changed(old: &str, new: &str) -> (String, String) {
    let words = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let (old, new) = (words(old), words(new));
    let pairs = old.iter().zip(&new);
    let head = pairs.take_while(|(old, new)| old == new).count();
    // Of lines that are new, the one before them tells where.
    let head = head.saturating_sub(usize::from(new.len() > old.len()));
    let (old, new) = (&old[head..], &new[head..]);
    let pairs = old.iter().rev().zip(new.iter().rev());
    let tail = pairs.take_while(|(old, new)| old == new).count();
    let tail = tail.min(old.len().saturating_sub(1));
    let joined = |lines: &[String]| lines[..lines.len() - tail].join(" ");
    (joined(old), joined(new))
}

/// The names of values in a region.
#[derive(Default)]
struct Names {
    names: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident()
            && name.to_string().starts_with(|c: char| c.is_lowercase())
        {
            self.names.insert(name.to_string());
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        self.names.insert(pat.ident.to_string());
    }
}

/// What an operator may be taken for.
fn others(op: &BinOp) -> &'static [&'static str] {
    match op {
        BinOp::Add(_) => &["-", "*"],
        BinOp::Sub(_) => &["+", "/"],
        BinOp::Mul(_) => &["/", "+"],
        BinOp::Div(_) => &["*", "-"],
        BinOp::Lt(_) => &["<=", ">", "=="],
        BinOp::Le(_) => &["<", ">", "=="],
        BinOp::Gt(_) => &[">=", "<", "=="],
        BinOp::Ge(_) => &[">", "<", "=="],
        BinOp::Eq(_) => &["!=", "<=", ">="],
        BinOp::Ne(_) => &["=="],
        BinOp::And(_) => &["||"],
        BinOp::Or(_) => &["&&"],
        BinOp::AddAssign(_) => &["-=", "="],
        BinOp::SubAssign(_) => &["+=", "="],
        BinOp::MulAssign(_) => &["/=", "="],
        BinOp::DivAssign(_) => &["*=", "="],
        _ => &[],
    }
}

/// What a method may be taken for.
const METHODS: &[(&str, &[&str])] = &[
    ("max", &["min"]),
    ("min", &["max"]),
    ("ln", &["exp", "log10", "log2", "ln_1p"]),
    ("exp", &["exp2", "exp_m1", "ln"]),
    ("abs", &["sqrt", "signum"]),
    ("sum", &["product", "mean", "len"]),
    ("rows_mut", &["columns_mut"]),
    ("rows", &["columns"]),
    ("nrows", &["ncols"]),
    ("ncols", &["nrows"]),
    ("sum_axis", &["product_axis"]),
    ("windows", &["chunks"]),
    ("push", &["extend"]),
    ("is_nan", &["is_finite", "is_infinite"]),
    ("to_owned", &["t"]),
    ("reverse", &["sort", "clear"]),
    ("fold", &["rfold"]),
    ("iter", &["rows"]),
    ("enumerate", &["rev().enumerate"]),
];

/// The functions of `Scalar` and of modules that one may be taken for.
const PATHS: &[(&str, &[&str])] = &[
    ("exp", &["exp2", "exp_m1", "ln"]),
    ("one", &["zero"]),
    ("zero", &["one"]),
    ("zeros", &["ones"]),
    ("neg_infinity", &["zero", "one", "infinity", "nan"]),
    ("param_grads", &["affine_relu_param_grads"]),
    ("affine_relu_forward", &["forward"]),
    ("Hidden", &["Last"]),
    ("Last", &["Hidden"]),
];

/// Whether it is a statement without a semicolon.
fn has_braces(value: &Expr) -> bool {
    matches!(value, Expr::ForLoop(_) | Expr::If(_) | Expr::While(_))
}

/// The edits to a text: a range of it and what to put there.
struct Edits<'a> {
    text: &'a str,
    names: BTreeSet<String>,
    made: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    fn text(&self, of: &impl Spanned) -> &str {
        &self.text[of.span().byte_range()]
    }

    fn put(&mut self, at: &impl Spanned, new: impl Into<String>) {
        self.made.push((at.span().byte_range(), new.into()));
    }

    /// Exchanges each with the next.
    fn swap<'t, S: Spanned + 't>(&mut self, items: impl Iterator<Item = &'t S>) {
        let items: Vec<_> = items.map(|item| item.span().byte_range()).collect();
        for pair in items.windows(2) {
            let (one, other) = (pair[0].clone(), pair[1].clone());
            let between = &self.text[one.end..other.start];
            let new = format!(
                "{}{between}{}",
                &self.text[other.clone()],
                &self.text[one.clone()]
            );
            self.made.push((one.start..other.end, new));
        }
    }

    /// A result that comes out otherwise: of another sign or size, a little off, clipped.
    fn spoil(&mut self, value: &Expr) {
        let text = format!("({})", self.text(value));
        self.put(value, format!("-{text}"));
        self.put(value, "Default::default()");
        for off in ["* T::of(2.0)", "* 2.0", "* T::of(1.000001)", "* 1.000001"] {
            self.put(value, format!("{text} {off}"));
        }
        for off in ["T::of(1e-8)", "1e-8"] {
            self.put(value, format!("{text} + {off}"));
        }
        for bound in ["min(T::of(100.0))", "max(T::of(-100.0))"] {
            self.put(value, format!("{text}.{bound}"));
            self.put(value, format!("{text}.mapv(|v| v.{bound})"));
        }
        for bound in ["min(100.0)", "max(-100.0)"] {
            self.put(value, format!("{text}.{bound}"));
        }
    }

    /// An argument that comes in otherwise.
    fn spoil_argument(&mut self, value: &Expr) {
        if matches!(value, Expr::Closure(_) | Expr::Lit(_)) {
            return;
        }
        self.spoil(value);
        let text = self.text(value).to_owned();
        self.put(value, format!("&-({text})"));
        self.put(value, format!("&(({text}) * T::of(2.0))"));
        self.put(value, format!("(({text}) + 1)"));
    }

    /// What is before or after a loop comes into it, what begins or ends its body leaves it.
    fn move_over_an_edge(&mut self, one: &Stmt, other: &Stmt) {
        let body = |statement: &Stmt| match statement {
            Stmt::Expr(Expr::ForLoop(all), _) => Some(all.body.clone()),
            _ => None,
        };
        let whole = one.span().byte_range().start..other.span().byte_range().end;
        let (one_text, other_text) = (self.text(one), self.text(other));
        let mut made = Vec::new();
        if let Some(body) = body(other) {
            let (head, inside) = self.opened(other, &body);
            made.push(format!("{head} {{ {one_text} {inside} }}"));
            if let Some(first) = body.stmts.first() {
                let first = self.text(first);
                let rest = inside.replacen(first, "", 1);
                made.push(format!("{one_text} {first} {head} {{ {rest} }}"));
            }
        }
        if let Some(body) = body(one) {
            let (head, inside) = self.opened(one, &body);
            made.push(format!("{head} {{ {inside} {other_text} }}"));
            if let Some(last) = body.stmts.last() {
                let last = self.text(last);
                let rest = inside.replacen(last, "", 1);
                made.push(format!("{head} {{ {rest} }} {last} {other_text}"));
            }
        }
        let made = made.into_iter().map(|new| (whole.clone(), new));
        self.made.extend(made);
    }

    /// A loop's head, and what is between its braces.
    fn opened(&self, whole: &Stmt, body: &syn::Block) -> (&str, &str) {
        let (from, inside) = (whole.span().byte_range().start, self.text(body));
        let head = &self.text[from..body.span().byte_range().start];
        (head.trim_end(), &inside[1..inside.len() - 1])
    }

    fn rename(&mut self, name: &syn::Ident, table: &[(&str, &[&str])]) {
        let own = table.iter().find(|(own, _)| name == own);
        for other in own.map_or(&[][..], |(_, others)| others) {
            self.put(name, *other);
        }
    }
}

impl<'ast> Visit<'ast> for Edits<'_> {
    fn visit_block(&mut self, block: &'ast syn::Block) {
        let statements = block.stmts.iter();
        let statements = statements.filter(|s| !matches!(s, Stmt::Item(_)));
        let statements: Vec<_> = statements.collect();
        // The block's value is one at its end only.
        let moves = |s: &&Stmt| match s {
            Stmt::Expr(value, None) => has_braces(value),
            _ => true,
        };
        self.swap(statements.iter().copied().filter(moves));
        for pair in statements.windows(2) {
            self.move_over_an_edge(pair[0], pair[1]);
        }
        for statement in statements {
            if matches!(statement, Stmt::Expr(_, Some(_))) {
                let text = self.text(statement).to_owned();
                self.put(statement, format!("{text} {text}"));
            }
            match statement {
                Stmt::Expr(Expr::Try(tried), Some(_)) => {
                    let result = self.text(&*tried.expr).to_owned();
                    self.put(tried, format!("let _ = {result}"));
                    self.put(statement, "");
                }
                Stmt::Expr(_, Some(_)) | Stmt::Macro(_) => self.put(statement, ""),
                Stmt::Expr(value, None) if has_braces(value) => self.put(statement, ""),
                Stmt::Expr(value, None) => self.spoil(value),
                _ => {}
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.spoil(&init.expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        for other in others(&binary.op) {
            self.put(&binary.op, *other);
        }
        let (left, right) = (self.text(&*binary.left), self.text(&*binary.right));
        let (left, right) = (left.to_owned(), right.to_owned());
        let op = self.text(&binary.op).to_owned();
        if !op.ends_with('=') {
            self.put(binary, format!("({right}) {op} ({left})"));
            self.put(binary, left);
            self.put(binary, right);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        if matches!(unary.op, UnOp::Neg(_) | UnOp::Not(_)) {
            let operand = self.text(&*unary.expr).to_owned();
            self.put(unary, operand);
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_lit(&mut self, lit: &'ast Lit) {
        match lit {
            Lit::Int(number) => {
                let value: u64 = number.base10_parse().expect("a small number");
                let others = [0, 1, 2, value + 1, value.saturating_sub(1)];
                let others = BTreeSet::from(others).into_iter();
                for other in others.filter(|other| *other != value) {
                    self.put(lit, format!("{other}{}", number.suffix()));
                }
            }
            Lit::Float(number) => {
                let value: f64 = number.base10_parse().expect("a number");
                for other in [0.0, 0.5, 1.0, 2.0, 2.0 * value, value / 2.0, -value] {
                    if other != value {
                        self.put(lit, format!("{other:?}"));
                    }
                }
            }
            Lit::Bool(value) => self.put(lit, (!value.value).to_string()),
            _ => {}
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        self.swap(call.args.iter());
        if let Expr::Path(path) = &*call.func {
            let last = path.path.segments.last().expect("a name");
            self.rename(&last.ident, PATHS);
        }
        if let [argument] = &*call.args.iter().collect::<Vec<_>>() {
            let argument = self.text(*argument).to_owned();
            self.put(call, argument);
        }
        for argument in &call.args {
            self.spoil_argument(argument);
            self.visit_expr(argument);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.swap(call.args.iter());
        self.rename(&call.method, METHODS);
        let receiver = self.text(&*call.receiver).to_owned();
        self.put(call, receiver.clone());
        if let [argument] = &*call.args.iter().collect::<Vec<_>>() {
            let method = call.method.to_string();
            let argument = self.text(*argument).to_owned();
            self.put(call, format!("({argument}).{method}({receiver})"));
            self.put(call, format!("({argument}).{method}(&{receiver})"));
            self.put(call, argument);
        }
        for other in [".skip(1)", ".rev()", ".take(1)"] {
            self.put(call, format!("{}{other}", self.text(call)));
        }
        for value in call.args.iter().chain([&*call.receiver]) {
            self.spoil_argument(value);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_if(&mut self, choice: &'ast syn::ExprIf) {
        let condition = self.text(&*choice.cond).to_owned();
        self.put(&*choice.cond, format!("!({condition})"));
        self.put(&*choice.cond, "true");
        self.put(&*choice.cond, "false");
        visit::visit_expr_if(self, choice);
    }

    fn visit_expr_for_loop(&mut self, all: &'ast syn::ExprForLoop) {
        let over = self.text(&*all.expr).to_owned();
        for other in [
            "rev()",
            "step_by(2)",
            "skip(1)",
            "take(1)",
            "take(3)",
            "take(5)",
        ] {
            self.put(&*all.expr, format!("({over}).into_iter().{other}"));
        }
        let body = self.text(&all.body);
        let inside = body[1..body.len() - 1].to_owned();
        self.put(&all.body, format!("{{{inside} break; }}"));
        self.put(&all.body, format!("{{{inside} {inside}}}"));
        visit::visit_expr_for_loop(self, all);
    }

    fn visit_expr_range(&mut self, range: &'ast syn::ExprRange) {
        let of = |edge: &Option<Box<Expr>>| {
            let edge = edge.as_deref();
            edge.map_or(String::new(), |edge| self.text(edge).to_owned())
        };
        let (start, end) = (of(&range.start), of(&range.end));
        let others = [
            format!("{start}..={end}"),
            format!("{start} + 1..{end}"),
            format!("{start}..{end} - 1"),
            format!("{start}..{end} + 1"),
        ];
        for other in others {
            self.put(range, other);
        }
        visit::visit_expr_range(self, range);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident() {
            for other in self.names.clone() {
                if name != &other {
                    self.put(path, other);
                }
            }
            for constant in ["1", "1.0", "T::one()"] {
                self.put(path, constant);
            }
        } else if let Some(last) = path.path.segments.last() {
            self.rename(&last.ident, PATHS);
        }
    }

    fn visit_expr_field(&mut self, field: &'ast syn::ExprField) {
        let other = match self.text(&field.member) {
            "w" => "b",
            "b" => "w",
            "rows" => "shape",
            "0" => "1",
            _ => "0",
        };
        self.put(&field.member, other);
        visit::visit_expr_field(self, field);
    }

    fn visit_expr_tuple(&mut self, tuple: &'ast syn::ExprTuple) {
        self.swap(tuple.elems.iter());
        for value in &tuple.elems {
            self.spoil(value);
        }
        visit::visit_expr_tuple(self, tuple);
    }

    fn visit_pat_tuple(&mut self, tuple: &'ast syn::PatTuple) {
        let names = tuple.elems.iter();
        let names =
            names.filter(|pat| matches!(pat, Pat::Ident(_) | Pat::Reference(_)));
        self.swap(names);
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if field.colon_token.is_some() {
            self.spoil(&field.expr);
            return visit::visit_field_value(self, field);
        }
        // `x` is short for `x: x`.
        let member = self.text(field).to_owned();
        let others = [format!("-{member}"), "Default::default()".to_owned()];
        for other in others.iter().chain(&self.names.clone()) {
            if *other != member {
                self.put(field, format!("{member}: {other}"));
            }
        }
    }

    fn visit_expr_try(&mut self, tried: &'ast syn::ExprTry) {
        let result = self.text(&*tried.expr).to_owned();
        self.put(tried, format!("{result}.unwrap()"));
        visit::visit_expr_try(self, tried);
    }

    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.spoil(&assign.right);
        visit::visit_expr_assign(self, assign);
    }
}

#[test]
fn a_region_has_the_mutants_that_one_would_make_by_hand() {
    let region = "    let mut sum = 0.0;
    for (w, x) in pairs {
        sum += w * x;
    }
    if sum > 1.0 {
        seen.push(sum)?;
    }
    scale(sum, n)
";
    let made = mutants("some::exercise", 0, region);
    for (old, new) in [
        ("sum += w * x;", "sum += w / x;"),
        ("sum += w * x;", "sum -= w * x;"),
        ("sum += w * x;", "sum += w;"),
        ("sum += w * x;", "sum += w * w;"),
        ("sum += w * x;", "sum += w * x; sum += w * x;"),
        ("for (w, x) in pairs {", "for (x, w) in pairs {"),
        (
            "for (w, x) in pairs {",
            "for (w, x) in (pairs).into_iter().skip(1) {",
        ),
        ("let mut sum = 0.0;", "let mut sum = 1.0;"),
        ("if sum > 1.0 {", "if sum >= 1.0 {"),
        ("if sum > 1.0 {", "if true {"),
        ("seen.push(sum)?;", "let _ = seen.push(sum);"),
        ("scale(sum, n)", "scale(n, sum)"),
        ("scale(sum, n)", "(scale(sum, n)) * 2.0"),
        (
            "let mut sum = 0.0; for (w, x) in pairs {",
            "for (w, x) in pairs { let mut sum = 0.0;",
        ),
    ] {
        let same = made.iter().filter(|mutant| mutant.old == old);
        let same: Vec<_> = same.map(|mutant| &*mutant.new).collect();
        assert!(same.contains(&new), "no {new:?} of {old:?}: {same:#?}");
    }

    let mut bodies = HashSet::from([squeezed(region)]);
    for mutant in &made {
        assert!(
            bodies.insert(squeezed(&mutant.body)),
            "twice: {}",
            mutant.new
        );
        let block = format!("{{{}}}", mutant.body);
        syn::parse_str::<syn::Block>(&block).expect("a block");
    }
    assert_eq!(made.len(), 222);
}
