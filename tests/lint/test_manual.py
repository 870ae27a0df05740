"""The page of manual and the table of commands say the same."""
import project


def test_the_manual_is_the_table():
    binary = project.build() / "entretienctl"
    assert binary.is_file(), f"{binary} is not built"
    status, page = project.run(str(binary), "help", "--man")
    assert status == 0
    assert project.read("docs/entretienctl.1") == page, "run: entretienctl help --man > docs/entretienctl.1"
