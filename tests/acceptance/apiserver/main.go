// Command apiserver runs a real Kubernetes API server over an embedded etcd, on loopback, for acceptance tests:
// a strict server-side dry run against it is the last word on whether a manifest is valid. Nothing is scheduled:
// there is no controller and no node.
//
//	apiserver DIRECTORY PORT
//
// DIRECTORY receives etcd's data, the serving certificate (certificates/apiserver.crt), the administrator's token
// (token) and a kubeconfig for kubectl. It runs until it is interrupted.
package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

const kubeconfig = `apiVersion: v1
kind: Config
current-context: acceptance
contexts: [{name: acceptance, context: {cluster: acceptance, user: admin}}]
clusters:
  - name: acceptance
    cluster: {server: "https://127.0.0.1:%s", certificate-authority: certificates/apiserver.crt}
users: [{name: admin, user: {tokenFile: token}}]
`

func main() {
	if len(os.Args) != 3 {
		must(errors.New("usage: apiserver DIRECTORY PORT"))
	}
	directory, port := os.Args[1], os.Args[2]
	token := rand.Text()
	write(filepath.Join(directory, "token"), token)
	write(filepath.Join(directory, "tokens.csv"), token+",admin,1,system:masters\n")
	write(filepath.Join(directory, "kubeconfig"), fmt.Sprintf(kubeconfig, port))
	key := filepath.Join(directory, "service-account.key")
	write(key, newKey())

	command := app.NewAPIServerCommand()
	command.SetArgs([]string{
		"--etcd-servers=" + startEtcd(filepath.Join(directory, "etcd")),
		"--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		"--secure-port=" + port,
		"--cert-dir=" + filepath.Join(directory, "certificates"),
		"--token-auth-file=" + filepath.Join(directory, "tokens.csv"),
		"--authorization-mode=AlwaysAllow",
		"--service-account-issuer=https://127.0.0.1",
		"--service-account-key-file=" + key,
		"--service-account-signing-key-file=" + key,
		"--service-cluster-ip-range=10.0.0.0/16",
		// It waits for a controller to make each namespace's default account.
		"--disable-admission-plugins=ServiceAccount",
		"--endpoint-reconciler-type=none",
	})
	os.Exit(cli.Run(command))
}

func startEtcd(directory string) string {
	configuration := embed.NewConfig()
	configuration.Dir, configuration.LogLevel, configuration.UnsafeNoFsync = directory, "error", true
	client, peer := freeAddress(), freeAddress()
	configuration.ListenClientUrls, configuration.AdvertiseClientUrls = []url.URL{client}, []url.URL{client}
	configuration.ListenPeerUrls, configuration.AdvertisePeerUrls = []url.URL{peer}, []url.URL{peer}
	configuration.InitialCluster = configuration.InitialClusterFromName(configuration.Name)
	server, err := embed.StartEtcd(configuration)
	must(err)
	select {
	case <-server.Server.ReadyNotify():
	case <-time.After(time.Minute):
		must(errors.New("etcd did not start within a minute"))
	}
	return client.String()
}

func freeAddress() url.URL {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	must(listener.Close())
	return url.URL{Scheme: "http", Host: listener.Addr().String()}
}

func newKey() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	block := pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	return string(pem.EncodeToMemory(&block))
}

func write(path, text string) { must(os.WriteFile(path, []byte(text), 0o600)) }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		os.Exit(1)
	}
}
