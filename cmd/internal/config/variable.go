package config

// Variable is an environment variable that says what a file could say too, or which file.
type Variable struct{ Name, Help string }

// Variables lists the environment variables of the configuration.
func Variables() []Variable {
	listed := []Variable{
		{SecretVariable, "the signing secret"},
		{PreviousSecretVariable, "the signing secret before a rotation"},
		{envToken, "token of Pocketbook's API, for register"},
		{envNgrok, "authtoken of ngrok, for tunnels"},
		{envConfig, "file that is read in place of .pbhook.yaml and your own configuration"},
		{envProfile, "name of the profile to take settings from"},
	}
	for _, key := range Keys() {
		if key.Env != "" {
			listed = append(listed, Variable{key.Env, key.Help})
		}
	}
	return listed
}
