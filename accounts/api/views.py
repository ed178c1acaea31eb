from __future__ import annotations

from typing import Any

from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
    inline_serializer,
)
from rest_framework import serializers, status
from rest_framework.exceptions import NotAuthenticated, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import BearerAuthentication
from accounts.api.throttles import FailedSignInThrottle
from accounts.models import ApiToken
from accounts.selectors.plans import plan_of, usage_today
from accounts.services.tokens import issue_token, revoke_token, user_for_credentials
from common import clock
from common.errors import DomainError
from common.http.fields import RawCharField


class WrongCredentials(DomainError):
    code, status = "wrong_credentials", 401
    message = "This name and password do not belong together."


class TokenView(APIView):
    """POST signs in with name (or e-mail) and password, DELETE revokes the token that is sent."""

    @extend_schema_serializer(component_name="SignIn")
    class Input(serializers.Serializer):
        username = RawCharField(max_length=254)
        password = RawCharField(max_length=1024)

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.request.method == "POST" else [*super().get_permissions()]

    def get_authenticators(self) -> list[Any]:
        if self.request is not None and self.request.method == "POST":
            return []
        return [BearerAuthentication()]

    @extend_schema(
        request=Input,
        responses={
            200: inline_serializer(
                "TokenIssued",
                {
                    "token": serializers.CharField(),
                    "token_type": serializers.CharField(),
                    "expires_at": serializers.DateTimeField(),
                },
            ),
            401: OpenApiResponse(description="Wrong name or password."),
        },
    )
    def post(self, request: Request) -> Response:
        throttle = FailedSignInThrottle()
        if not throttle.allow_request(request, self):
            raise Throttled(wait=throttle.wait())
        data = self.Input(data=request.data)
        data.is_valid(raise_exception=True)
        user = user_for_credentials(**data.validated_data, request=request._request)
        if user is None:
            throttle.record_failure()
            raise WrongCredentials(headers={"WWW-Authenticate": "Bearer"})
        row, token = issue_token(user=user, name="Signed in through the API")
        return Response(
            {"token": token, "token_type": "Bearer", "expires_at": clock.iso(row.expiry)}
        )

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        if not isinstance(request.auth, ApiToken):
            raise NotAuthenticated
        revoke_token(token=request.auth)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(APIView):
    @extend_schema(
        responses=inline_serializer(
            "Me",
            {
                "user_id": serializers.IntegerField(),
                "id": serializers.IntegerField(),
                "username": serializers.CharField(),
                "email": serializers.EmailField(),
                "is_staff": serializers.BooleanField(),
                "plan": serializers.CharField(),
                "timezone": serializers.CharField(),
                "usage": serializers.DictField(),
            },
        )
    )
    def get(self, request: Request) -> Response:
        user, now = request.user, clock.now()
        return Response(
            {
                "user_id": user.pk,
                "id": user.pk,
                "username": user.username,
                "email": user.email,
                "is_staff": user.is_staff,
                "plan": plan_of(user, now=now),
                "timezone": user.timezone,
                "usage": {u.kind: u.as_json() for u in usage_today(user, now=now)},
            }
        )
