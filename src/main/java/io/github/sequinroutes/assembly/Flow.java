package io.github.sequinroutes.assembly;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The route templates of which every bundle is made: the flow on one page, and the machine beside it. */
final class Flow {
    /** In this package of the jar, where no host has files of its own. */
    private static final String OWN = "classpath:io/github/sequinroutes/routes";

    private static final String PAGE = "/sequin.camel.yaml";
    private static final String MACHINE = "/machine";
    private static final List<String> PARTS = List.of("http", "upsert", "dead-letter", "purge", "source");

    private Flow() {}

    /**
     * Adds the templates to a context, unless they are there.
     *
     * @param routes the folder of the user's routes: if it has the page, that and the machine beside it are taken
     * @return the URI of the folder with the machine
     */
    static String addTo(CamelContext context, String routes) throws Exception {
        boolean isUsers = ResourceHelper.resolveResource(context, routes + PAGE).exists();
        String folder = isUsers ? routes : OWN;
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        if (model.getRouteTemplateDefinition("sequin-batch") == null) {
            List<Resource> files = new ArrayList<>();
            files.add(ResourceHelper.resolveMandatoryResource(context, folder + PAGE));
            for (String part : PARTS) {
                files.add(ResourceHelper.resolveMandatoryResource(
                        context, folder + MACHINE + "/" + part + ".camel.yaml"));
            }
            PluginHelper.getRoutesLoader(context).loadRoutes(files);
        }
        return folder + MACHINE;
    }
}
