"""People and their facts as the tests of the interface make them."""
import datetime
import itertools

from client import Client
from patience import eventually

numbers = itertools.count(1)


def hire(client, expect=201, organisation=None, **members):
    """An employee; the answer's body."""
    body = {"number": f"M{next(numbers)}", "given_name": "Ada", "family_name": "Byron", "hire_date": "2024-03-01",
            **members}
    query = f"?organisation={organisation}" if organisation else ""
    return client.post("/v1/employees" + query, body, expect=expect).json()


def manager_client(admin, organisation, employee):
    made = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": ["manager"], "employee": employee},
                      expect=201)
    return Client(admin.daemon, made.json()["token"])


def client_with(admin, organisation, *scopes):
    made = admin.post(f"/v1/tokens?organisation={organisation}", {"scopes": list(scopes)}, expect=201)
    return Client(admin.daemon, made.json()["token"])


def another_organisation(admin, name="Autre"):
    return admin.post("/v1/organisations", {"name": name}, expect=201).json()["id"]


def move_to(daemon, day, hour="08:00:00"):
    """Moves the daemon's time and waits until its answers say so."""
    instant = f"{day}T{hour}Z"
    daemon.set_clock(instant)
    client = Client(daemon)
    eventually(lambda: client.get("/healthz").json()["time"][:19], instant[:19])


def day(text):
    return datetime.date.fromisoformat(text)


def tuesday(number):
    """An hour in working time of 2027, "2027-01-05T08": never a holiday, the same one only after 312 others."""
    day = datetime.date(2027, 1, 5) + datetime.timedelta(weeks=number % 52)
    return f"{day}T{(8, 9, 13, 14, 10, 15)[number // 52 % 6]:02}"


def duties(client, employee, query=""):
    """Of one employee, under the names that simulations use."""
    answer = client.get(f"/v1/employees/{employee}/duties{query}").json()
    return {"duties": answer.pop("items"), **answer}


def rules(answer, key="duties"):
    return [(duty["rule"], duty["due"], duty["state"]) for duty in answer[key]]
