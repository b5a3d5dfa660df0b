"""Objects of one namespace, as YAML, with what matters to references between them."""


def deployment_text(spec: str, name: str = "shop", labels: str = "{ app: shop }") -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{ name: {name}, namespace: shop }}
spec: {{ selector: {{ matchLabels: {labels} }}, template: {{ metadata: {{ labels: {labels} }}, spec: {spec} }} }}
"""


def pod_text(**container: str) -> str:
    fields = "".join(f", {name}: {value}" for name, value in container.items())
    return f"{{ containers: [{{ name: head, image: a{fields} }}] }}"


def service_text(spec: str, name: str = "shop") -> str:
    return f"{{ apiVersion: v1, kind: Service, metadata: {{ name: {name}, namespace: shop }}, spec: {spec} }}"


def config_map_text(name: str, data: str = "{}") -> str:
    return f"{{ apiVersion: v1, kind: ConfigMap, metadata: {{ name: {name}, namespace: shop }}, data: {data} }}"


def ingress_text(name: str, path: str, more: str = "") -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{ name: {name}, namespace: shop }}
spec:
  {more}
  rules:
    - host: shop.example.com
      http:
        paths: [{{ path: {path}, pathType: Prefix, backend: {{ service: {{ name: shop, port: {{ name: http }} }} }} }}]
"""
