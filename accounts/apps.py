from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and plans"

    def ready(self) -> None:
        from accounts import personal_data
        from accounts.services import own_data

        personal_data.register("account", own_data.export_account, own_data.erase_account)
