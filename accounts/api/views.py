from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import BearerAuthentication
from accounts.api.inputs import SignInInput
from accounts.api.outputs import MeOutput, TokenOutput
from accounts.models import ApiToken
from accounts.services.tokens import SIGN_IN_TOKEN_NAME, issue_token, revoke_token, user_for_api
from common import clock
from common.http.inputs import checked
from common.http.outputs import schema_of

REFUSED = OpenApiResponse(description="Wrong name, password or code; or a code is needed.")


class TokenView(APIView):
    """POST signs in with name (or e-mail) and password, DELETE revokes the token that is sent.

    An account with a second factor also sends `otp`; without it the answer is 401, `otp_required`.
    """

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.request.method == "POST" else [*super().get_permissions()]

    def get_authenticators(self) -> list[Any]:
        if self.request is not None and self.request.method == "POST":
            return []
        return [BearerAuthentication()]

    @extend_schema(request=SignInInput, responses={200: schema_of(TokenOutput), 401: REFUSED})
    def post(self, request: Request) -> Response:
        user = user_for_api(**checked(SignInInput, request.data), request=request._request)
        row, text = issue_token(user=user, name=SIGN_IN_TOKEN_NAME)
        return Response(TokenOutput(text, "Bearer", row.expiry))

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        if not isinstance(request.auth, ApiToken):
            raise NotAuthenticated
        revoke_token(token=request.auth)
        return Response(status=204)


class MeView(APIView):
    @extend_schema(responses=schema_of(MeOutput))
    def get(self, request: Request) -> Response:
        return Response(MeOutput.of(request.user, now=clock.now()))
