od_fuzz(cli_text od::cli)
