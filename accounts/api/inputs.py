"""What the API of accounts takes."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from common.http.fields import RawCharField


@extend_schema_serializer(component_name="SignIn")
class SignInInput(serializers.Serializer):
    username = RawCharField(max_length=254)
    password = RawCharField(max_length=1024)
    otp = RawCharField(
        max_length=32,
        required=False,
        help_text="Of accounts with a second factor: the code of the app, or a recovery code.",
    )
