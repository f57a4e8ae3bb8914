package io.github.sequinroutes.cli;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.failure.UnsuitableDatabaseException;
import io.github.sequinroutes.template.TemplateException;
import java.io.FileNotFoundException;
import java.io.PrintWriter;
import java.util.List;
import org.apache.camel.FailedToCreateRouteFromTemplateException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a user's error from a failure, and reports either without a stack trace. */
final class UserErrors {
    private static final Logger LOG = LoggerFactory.getLogger(UserErrors.class);
    static final int FAILED = 1;
    private static final int WRONG = 2;

    private UserErrors() {}

    /** Prints what went wrong, and returns the exit status. */
    static int report(Throwable failure, PrintWriter out) {
        LOG.debug("The failure", failure);
        PropertyBindingException option = ObjectHelper.getException(PropertyBindingException.class, failure);
        if (option != null && String.valueOf(option.getOptionPrefix()).startsWith("camel.")) {
            out.println(describe(option));
            return WRONG;
        }
        Throwable userError = null;
        Throwable argument = null;
        // the deepest says best where the error is
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            userError = isUserError(cause) ? cause : userError;
            // so Camel says that a route and its template do not fit together
            argument = cause instanceof IllegalArgumentException ? cause : argument;
        }
        if (userError != null || argument != null) {
            out.println((userError == null ? argument : userError).getMessage());
            return WRONG;
        }
        out.println(Printable.line(Failures.describe(failure)));
        return FAILED;
    }

    /** Prints what is wrong with a command's arguments, and returns the exit status. */
    static int reportUsage(ParameterException wrong) {
        PrintWriter out = wrong.getCommandLine().getErr();
        out.println(
                wrong.getMessage() + (wrong instanceof UnmatchedArgumentException unmatched ? advice(unmatched) : ""));
        out.println("Try " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
        return WRONG;
    }

    private static String advice(UnmatchedArgumentException wrong) {
        List<String> unmatched = wrong.getUnmatched();
        if (unmatched.stream().anyMatch(one -> one.matches("-D[\\w.-]+=.*"))) {
            return "; what begins with -D stands before -jar";
        }
        String first = unmatched.get(0).replaceFirst("=.*", "");
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String hint = Nearest.hint(
                first,
                first.startsWith("-")
                        ? command.optionsMap().keySet()
                        : command.subcommands().keySet());
        if (!hint.isEmpty()) {
            return hint;
        }
        boolean isId = wrong.getCommandLine().getCommandName().equals("replay")
                && unmatched.get(0).matches("\\d+");
        return isId
                ? "; write --show %1$s to see this dead letter, --id %1$s to replay it".formatted(unmatched.get(0))
                : "";
    }

    /** Without the value, which may be a secret, and without the object that should have taken it. */
    private static String describe(PropertyBindingException option) {
        String prefix = option.getOptionPrefix().replaceFirst("\\.*$", ".");
        String name = option.getOptionKey() == null ? option.getPropertyName() : option.getOptionKey();
        String nearest = CamelKeys.nearestOption(prefix + name);
        return "The configuration cannot be used:%n  %s%s is no option of Camel%s"
                .formatted(
                        prefix,
                        name,
                        nearest == null ? ", or has a value that it cannot take" : "; did you mean " + nearest + "?");
    }

    private static boolean isUserError(Throwable cause) {
        return cause instanceof SettingsException
                || cause instanceof TemplateException
                || cause instanceof UnsuitableDatabaseException
                || cause instanceof FileNotFoundException
                || cause instanceof FailedToCreateRouteFromTemplateException
                || cause instanceof NoSuchEndpointException
                || cause instanceof ResolveEndpointFailedException
                || isOfYaml(cause.getClass().getName());
    }

    /** By name: the YAML DSL is there when the routes run, not when this is compiled. */
    private static boolean isOfYaml(String type) {
        return type.startsWith("org.apache.camel.dsl.yaml.") || type.startsWith("org.snakeyaml.");
    }
}
