"""The option table, the sample file and the reference say the same."""
import project


def daemon(*flags):
    binary = project.build() / "entretiend"
    assert binary.is_file(), f"{binary} is not built"
    return project.run(str(binary), *flags)


def test_the_sample_file_is_the_table():
    status, sample = daemon("--config-sample")
    assert status == 0
    assert project.read("config/entretiend.conf") == sample, "run: entretiend --config-sample > config/entretiend.conf"


def test_the_reference_is_the_table():
    status, reference = daemon("--config-reference")
    assert status == 0
    assert project.read("docs/configuration.md") == reference, "run: entretiend --config-reference > docs/configuration.md"


def test_the_sample_file_is_accepted():
    assert daemon("--check-config", "-c", "config/entretiend.conf") == (0, "")
