//! HTML as far as the book's tests need it: start tags and their attributes.

/// A start tag.
pub struct Tag {
    /// Its name.
    pub name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The start tags of a page, without what scripts and styles hold.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        if end == 0 {
            continue;
        }
        let name = rest[..end].to_owned();
        let attributes;
        (attributes, rest) = attributes_of(&rest[end..]);
        if name == "script" || name == "style" {
            let close = format!("</{name}");
            rest = rest.find(&close).map_or("", |at| &rest[at..]);
        }
        tags.push(Tag { name, attributes });
    }
    tags
}

/// The attributes of a tag, and what follows the tag.
fn attributes_of(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        let stop = |c: char| c.is_whitespace() || "=>/".contains(c);
        let end = rest.find(stop).unwrap_or(rest.len());
        if end == 0 {
            return (attributes, rest.get(1..).unwrap_or(""));
        }
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    after[1..].split_once(quote).unwrap_or((&after[1..], ""))
                }
                _ => {
                    let stop = |c: char| c.is_whitespace() || c == '>';
                    after.split_at(after.find(stop).unwrap_or(after.len()))
                }
            };
        }
        let value = value.replace("&quot;", "\"").replace("&amp;", "&");
        attributes.push((name, value));
    }
}
