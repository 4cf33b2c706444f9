//! Chromium, operated as a reader operates it: pages opened from files, keys, clicks and
//! fingers, and everything that a page complains about or asks a server for.
//!
//! The program is asked over two pipes, in JSON with a zero byte at each end; it wants them as
//! the descriptors 3 and 4, which a shell arranges.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A browser with one page.
pub struct Browser {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    session: Option<String>,
    last: u64,
    complaints: Vec<String>,
    _profile: TempDir,
}

impl Browser {
    /// Starts `chromium`, or the program that the variable `CHROMIUM` names.
    pub fn start() -> Browser {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let program =
            std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 1>&2", &program])
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .args(["--remote-debugging-pipe", "--disable-background-networking"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let mut browser = Browser {
            input: child.stdin.take().expect("piped"),
            output: BufReader::new(child.stdout.take().expect("piped")),
            child,
            session: None,
            last: 0,
            complaints: Vec::new(),
            _profile: profile,
        };
        let page = browser.ask("Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": page["targetId"], "flatten": true});
        let session = browser.ask("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Asks for something and waits for the answer.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let mut message =
            json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        write!(self.input, "{message}\0").expect("chromium listens");
        loop {
            let mut bytes = Vec::new();
            let length = self.output.read_until(0, &mut bytes).expect("a pipe");
            assert!(length > 0, "chromium ended while it was asked for {method}");
            let answer: Value = serde_json::from_slice(&bytes[..length - 1])
                .expect("chromium speaks JSON");
            if answer["id"] == json!(self.last) {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.note(&answer);
        }
    }

    /// Remembers an event if it is a complaint or a request to a server.
    fn note(&mut self, event: &Value) {
        let what = &event["params"];
        match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => {
                self.complaints.push(what["exceptionDetails"].to_string());
            }
            Some("Runtime.consoleAPICalled") => {
                self.complaints.push(what["args"].to_string())
            }
            Some("Log.entryAdded") => self.complaints.push(what["entry"].to_string()),
            Some("Network.requestWillBeSent") => {
                let url = what["request"]["url"].as_str().unwrap_or_default();
                if !url.starts_with("file:") && !url.starts_with("data:") {
                    self.complaints.push(format!("asks for {url}"));
                }
            }
            _ => {}
        }
    }

    /// What the page has complained about or asked a server for.
    pub fn complaints(&mut self) -> Vec<String> {
        self.evaluate("0");
        std::mem::take(&mut self.complaints)
    }

    /// Opens a page as a screen of this width shows it, and waits for its scripts.
    pub fn open(&mut self, url: &str, width: u32) {
        let screen = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", screen);
        self.ask(
            "Emulation.setTouchEmulationEnabled",
            json!({"enabled": true}),
        );
        self.ask("Page.navigate", json!({"url": url}));
        let ready =
            format!("document.readyState === 'complete' && location.href === '{url}'");
        self.wait(&ready);
    }

    /// Waits until something is true in the page.
    pub fn wait(&mut self, expression: &str) {
        let begun = Instant::now();
        while self.evaluate(expression) != json!(true) {
            let late = begun.elapsed() > Duration::from_secs(20);
            assert!(!late, "{expression} did not come true in 20 seconds");
            sleep(Duration::from_millis(20));
        }
    }

    /// The value of an expression in the page.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let question = json!({"expression": expression, "returnByValue": true});
        let answer = self.ask("Runtime.evaluate", question);
        let problem = &answer["exceptionDetails"];
        assert!(problem.is_null(), "{expression}: {problem}");
        answer["result"]["value"].clone()
    }

    /// Presses a key, such as `ArrowRight` or ` `, where the focus is.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            " " => 32,
            _ => panic!("the key {key:?} has no code here"),
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if key == " " && kind == "keyDown" {
                " "
            } else {
                ""
            };
            let event = json!({
                "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code,
                "code": if key == " " { "Space" } else { key },
            });
            self.ask("Input.dispatchKeyEvent", event);
        }
    }

    /// Puts a finger on an element, at a share of its width from the left and of its height
    /// from the top, and lifts it again.
    pub fn touch(&mut self, selector: &str, across: f64, down: f64) {
        let place = self.evaluate(&format!(
            "(() => {{
                const element = document.querySelector('{selector}');
                element.scrollIntoView({{ block: 'center' }});
                const box = element.getBoundingClientRect();
                return [box.left + {across} * box.width, box.top + {down} * box.height];
            }})()"
        ));
        let finger = json!([{"x": place[0], "y": place[1]}]);
        for (kind, points) in [("touchStart", finger), ("touchEnd", json!([]))] {
            let event = json!({"type": kind, "touchPoints": points});
            self.ask("Input.dispatchTouchEvent", event);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
