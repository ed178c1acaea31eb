"""A creating endpoint of the tests' own, behind the real wrapper."""

from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import LimitGrant
from accounts.models.usage import UsageKind
from common import clock
from common.errors import Conflict
from common.http.idempotency import idempotent


def create(user, extra):
    return LimitGrant.objects.create(
        user=user, kind=UsageKind.EVALUATION, extra=extra, until=clock.now().date()
    )


class GrantView(APIView):
    @idempotent
    def post(self, request):
        grant = create(request.user, request.data["extra"])
        if request.data.get("refuse"):
            raise Conflict(keep=lambda: create(request.user, 999))
        return Response({"id": grant.pk, "extra": grant.extra}, status=201)


urlpatterns = [path("api/grants", GrantView.as_view())]
