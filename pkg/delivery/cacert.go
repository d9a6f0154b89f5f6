package delivery

import "crypto/x509"

// ParseCACert reads PEM certificates of authorities, to be trusted as [TransportOptions.RootCAs]. It returns an
// [*OptionError] when there is none in it.
func ParseCACert(name string, pem []byte) (*x509.CertPool, error) {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, &OptionError{Option: "CA file", Value: name, Reason: "holds no PEM certificate"}
	}
	return pool, nil
}
