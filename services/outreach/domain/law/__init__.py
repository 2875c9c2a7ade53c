"""Questions of the law that are not "may this contact leave now": one pure module per family."""
