"""Personal pages as a browser without script sees them: links and forms."""
import html.parser
import re
import urllib.parse

import requests


class Parser(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links, self.forms, self.texts, self.area = [], [], [], None

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        elif tag == "form":
            self.forms.append({"action": attributes["action"], "method": attributes["method"], "fields": {}, "names": set()})
        elif tag in ("input", "textarea") and self.forms and "name" in attributes:
            form = self.forms[-1]
            form["names"].add(attributes["name"])
            kind = attributes.get("type", "textarea")
            if tag == "textarea":
                self.area = attributes["name"]
                form["fields"][self.area] = ""
            elif kind != "file" and (kind not in ("checkbox", "radio") or "checked" in attributes):
                form["fields"][attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.forms[-1]["fields"][self.area] += data.removeprefix("\n")
        else:
            self.texts.append(data)


class Page:
    """One page that was read; `answer` is how."""

    def __init__(self, answer):
        self.answer, self.url = answer, answer.url
        parser = Parser()
        parser.feed(answer.text)
        self.links = [urllib.parse.urljoin(answer.url, link) for link in parser.links]
        self.forms = parser.forms
        self.text = re.sub(r"\s+", " ", " ".join(parser.texts))

    def form(self, act):
        [form] = [one for one in self.forms if one["fields"].get("act") == act]
        return form

    def acts(self):
        return [form["fields"]["act"] for form in self.forms]

    def send(self, act, files=None, **fields):
        """Posts the form, filled in; the page that comes of it."""
        form = self.form(act)
        unknown = set(fields) - form["names"]
        assert not unknown, f"{act} has no {unknown}"
        return Page(requests.post(urllib.parse.urljoin(self.url, form["action"]), data={**form["fields"], **fields},
                                  files=files, timeout=60))


def see(url, expect=200):
    answer = requests.get(url, timeout=60)
    assert answer.status_code == expect, f"{answer.status_code} {answer.text[:2000]}"
    return Page(answer)


def own_link(hr, employee, **members):
    return hr.post("/v1/links", {"kind": "employee", "person": employee, **members}, expect=201).json()


def holder_link(hr, interviewer, review):
    return hr.post("/v1/links", {"kind": "interviewer", "person": interviewer, "review": review}, expect=201).json()
