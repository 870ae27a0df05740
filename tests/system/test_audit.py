"""The chain of an organisation, verified in slices however long it is."""
import socket

import pytest

from patience import wait_for


def long_chain(hr, people):
    """So many employees; how many records their coming left."""
    lines = [f"{number};Ada;Byron {number};12/01/2020" for number in range(people)]
    text = "matricule;prénom;nom;date d'entrée\n" + "\n".join(lines) + "\n"
    hr.post("/v1/imports/employees?wait=120", expect=201, data=text.encode(), headers={"Content-Type": "text/csv"})
    return hr.get("/v1/audit/head").json()


@pytest.mark.slow
def test_a_long_chain_is_verified_to_its_end(daemon, admin, hr):
    head = long_chain(hr, 2100)
    assert head["seq"] > 3 * 2000
    verified = hr.get("/v1/audit/verify").json()
    assert verified["valid"] is True and (verified["seq"], verified["hash"]) == (head["seq"], head["hash"])
    asked = hr.request("HEAD", "/v1/audit/verify", 200)
    assert asked.content == b"" and asked.headers["Transfer-Encoding"] == "chunked"
    assert hr.get("/v1/audit/head").json() == head, "the connection goes on after the head of a stream"
    token = hr.session.headers["Authorization"]
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", daemon.port)) as impatient:
            impatient.sendall(f"GET /v1/audit/verify HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n\r\n".encode())
    begun = 'entretiend_http_requests_total{method="GET",route="/v1/audit/verify",class="2xx"} 7\n'

    def ended():
        figures = admin.get("/metrics").text
        return begun in figures and "entretiend_http_in_flight 1\n" in figures
    wait_for("an end of what nobody waits for", ended)
