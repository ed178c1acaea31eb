from django import forms


class ReportForm(forms.Form):
    request_id = forms.CharField(max_length=64, required=False)
    path = forms.CharField(max_length=300, required=False)
    note = forms.CharField(max_length=2000, required=False, widget=forms.Textarea)


class PlanForm(forms.Form):
    """`key` is made with the page and becomes the plan's: two clicks make one plan."""

    key = forms.UUIDField()
