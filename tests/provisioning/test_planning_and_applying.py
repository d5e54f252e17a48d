from guyub.provisioning import plan


def test_applying_the_same_files_again_changes_nothing(files, database, host):
    with database.work(database.as_service("tests")) as work:
        assert plan(work, host, files.load()).changes == ()
